"""The market's few colours by name, so that what is drawn apart goes together."""

COLOURS = {
    "amber": "#c4812d", "blush": "#e6b8a6", "brick": "#a9533a", "butter": "#f0d68e", "caramel": "#b8814a", "clay": "#dcc3a3",
    "cocoa": "#5c3b2b", "cork": "#c8a273", "cream": "#f0e4ca", "denim": "#3f5f7a", "honey": "#dba03c", "ice": "#c8dad8",
    "kraft": "#c9a778", "lemon": "#e6c94f", "lilac": "#a493b5", "moss": "#6d7f4f", "ochre": "#c08a3e", "olive": "#7d7a3c",
    "pine": "#3f5d4a", "plum": "#513450", "raspberry": "#b03f58", "rosewood": "#97524a", "rust": "#b0622f", "saffron": "#e0a12f",
    "sage": "#9cab88", "sand": "#d9c5a0", "slate": "#5b6468", "steel": "#8d979a", "straw": "#ddc58c", "teal": "#3f7b7d",
    "walnut": "#75492c", "wine": "#7a2f3d",
}  # fmt: skip
