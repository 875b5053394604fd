"""Other projects' files in our words: people, communities and notes."""
