"""Categories, products, offers, stock, search."""
