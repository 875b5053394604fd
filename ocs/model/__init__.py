"""What ocs knows of: frozen values."""
