"""Routes of carts, checkouts and orders."""
