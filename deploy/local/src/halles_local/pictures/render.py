"""From a drawing to a file: Skia paints the SVG, about 0.03 s a picture."""

import skia

QUALITY = 92


def jpeg(svg: str, width: int, height: int) -> bytes:
    """The drawing as JPEG, as a seller's camera would give it."""
    source = svg.encode()  # kept by name: the stream reads it where it lies
    document = skia.SVGDOM.MakeFromStream(skia.MemoryStream(source))
    document.setContainerSize(skia.Size(width, height))
    surface = skia.Surface(width, height)
    document.render(surface.getCanvas())
    return bytes(surface.makeImageSnapshot().encodeToData(skia.kJPEG, QUALITY))
