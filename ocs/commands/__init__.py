"""How it is asked: one thin module for each command or group of them."""
