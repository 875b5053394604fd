"""What changed since the user last looked, and whom they have confirmed."""
