"""What all stand-ins' pages share: language, look, and the notice that says what they are."""
