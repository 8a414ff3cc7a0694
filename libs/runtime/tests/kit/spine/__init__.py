"""The little service of the spine's tests under a package of its own, as operators' commands look for services."""
