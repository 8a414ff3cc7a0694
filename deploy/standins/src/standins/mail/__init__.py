"""Stand-in for a mail server: takes every mail by SMTP, delivers none, and shows them on a page and as JSON."""
