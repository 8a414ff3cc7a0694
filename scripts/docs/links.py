"""``make docs-check``: every relative link of every page leads to a file that is there, and every fragment to a heading of it."""

import re
import sys
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
_PARSER = MarkdownIt("commonmark").enable("table")
_PLACES = (
    "*.md",
    "docs/**/*.md",
    "libs/*/*.md",
    "services/*/*.md",
    "services/*/docs/*.md",
    "deploy/*/*.md",
    "tests/*/*.md",
)


def main() -> int:
    """Print what leads nowhere; 1 when anything does."""
    pages = sorted({path for place in _PLACES for path in ROOT.glob(place)})
    dead = [fault for page in pages for fault in dead_links(page)]
    print("\n".join(dead) if dead else f"docs: {len(pages)} pages, every link leads somewhere")
    return 1 if dead else 0


def dead_links(page: Path) -> list[str]:
    """Relative links of one page whose file or heading is missing."""
    found = []
    for link in _links(page.read_text()):
        path, _, fragment = link.partition("#")
        if re.match(r"^[a-z]+:", link) or (path and path.startswith("/")):
            continue
        target = (page.parent / path).resolve() if path else page
        if not target.exists():
            found.append(f"{page.relative_to(ROOT)}: {link} is not there")
        elif fragment and target.suffix == ".md" and fragment not in anchors(target.read_text()):
            found.append(f"{page.relative_to(ROOT)}: {link} names no heading")
    return found


def anchors(text: str) -> set[str]:
    """The fragments of a page's headings, as GitHub and the documentation's builder make them."""
    tokens = _PARSER.parse(text)
    titles = [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"]
    return {re.sub(r"[\s]+", "-", re.sub(r"[^\w\s-]", "", title.lower()).strip()) for title in titles}


def _links(text: str) -> list[str]:
    children = [child for token in _PARSER.parse(text) for child in token.children or []]
    return [
        str(child.attrs.get("href") or child.attrs.get("src"))
        for child in children
        if child.type in ("link_open", "image")
    ]


if __name__ == "__main__":
    sys.exit(main())
