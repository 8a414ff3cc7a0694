"""What each kind of mail says. The words are in locales/, the looks in templates/."""
