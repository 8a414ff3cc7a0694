"""The documentation: pages generated from what they describe, the drawn map, and the check of links."""
