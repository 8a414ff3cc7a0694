"""The main journey in a terminal: every call, what it answered, which events it caused and who consumed them."""
