"""Numbers as people type them."""


def minor_units(text: str) -> int:
    """``12``, ``12,5``, ``12.50 €`` as cents; -1, which the API refuses, for anything else."""
    cleaned = text.replace("€", "").replace("\u202f", "").replace("\xa0", "").replace(" ", "").replace(",", ".")
    before, _, after = cleaned.partition(".")
    if not before.isdigit() or len(before) > 9 or (after and (not after.isdigit() or len(after) > 2)):
        return -1
    return int(before) * 100 + int((after + "00")[:2])


def whole(text: str) -> int:
    """A whole number; -1, which the API refuses, for anything else."""
    text = text.strip()
    return int(text) if text.isdigit() and len(text) < 10 else -1
