"""What other projects' files say, in our words: foreign shapes in, people and communities and
notes out.
"""
