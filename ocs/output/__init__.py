"""How it looks: text, JSON, annotations for CI."""
