"""How it is done: rules and adapters joined; no screen; values returned."""
