"""What must hold: values in, values out; no clock, no environment, no files."""
