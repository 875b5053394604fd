"""Communities: who leads, who may ask, who holds what."""
