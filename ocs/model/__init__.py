"""What it is: frozen values."""
