# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of all kinds as Pillow writes them into FOLDER/pictures, and what is to be seen on them
into FOLDER/expected: width, height (little-endian, 32 bits), then RGB rows. FOLDER/classes is what
torchvision's ImageFolder takes; its classes and labels are printed."""

import pathlib
import struct
import sys
import zlib

import numpy
from PIL import Image, ImageOps
from torchvision.datasets import ImageFolder

folder = pathlib.Path(sys.argv[1])
pictures, expected = folder / "pictures", folder / "expected"
pictures.mkdir()
expected.mkdir()
random = numpy.random.default_rng(1)


def keep(name, rgb):
    height, width, _ = rgb.shape
    head = struct.pack("<II", width, height)
    (expected / name).write_bytes(head + rgb.astype(numpy.uint8).tobytes())


def on_white(image):
    rgba = image.convert("RGBA")
    return numpy.asarray(Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba))[..., :3]


def save(name, image, **options):
    image.save(pictures / name, **options)
    keep(name, on_white(ImageOps.exif_transpose(Image.open(pictures / name))))


def noise(*shape):
    return random.integers(0, 256, shape, dtype=numpy.uint8)


def png(path, width, height, depth, kind, rows, interlaced=0):
    def chunk(name, content):
        crc = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, interlaced)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
                     + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


y, x = numpy.mgrid[0:23, 0:37]
smooth = numpy.stack([x * 6, y * 10, 255 - x * 3 - y * 4], -1).astype(numpy.uint8)
photo = Image.fromarray(smooth)

save("rgb.png", Image.fromarray(noise(9, 7, 3)))
save("alpha.png", Image.fromarray(noise(9, 7, 4)))
save("grey.png", Image.fromarray(noise(9, 7)))
save("grey alpha.png", Image.fromarray(noise(9, 7, 2), "LA"))
save("palette.png", photo.quantize(17))
save("clear palette.png", photo.quantize(5), transparency=2)
save("one bit.png", Image.fromarray(noise(9, 13)).convert("1"))
save("one colour clear.png", Image.fromarray(noise(9, 7, 3)), transparency=(1, 2, 3))
save("花 und Bär.png", photo)
save("REALLY A JPEG.png", photo, format="jpeg")

# Pillow has no 16-bit RGB: v * 257 is v of 8 bits.
values = noise(5, 6, 3)
wide = (values.astype(">u2") * 257).astype(">u2")
png(pictures / "16 bit.png", 6, 5, 16, 2, b"".join(b"\0" + row.tobytes() for row in wide))
keep("16 bit.png", values)

save("photo.jpg", photo, quality=90)
save("progressive.jpeg", photo, quality=85, progressive=True)
save("full colour.JPG", photo, quality=95, subsampling=0)
save("half colour.jpg", photo, quality=80, subsampling=1)
save("grey.jpg", photo.convert("L"), quality=90)
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    save(f"turned {orientation}.jpg", photo, quality=95, subsampling=0, exif=exif)
    save(f"turned {orientation}.png", photo, exif=exif)
photo.convert("CMYK").save(folder / "print.jpg")
photo.save(folder / "whole.jpg", quality=90)
photo.save(folder / "whole.png")

classes = folder / "classes"
for i, name in enumerate(["b", "B", "a 10", "a 9", "ä", "猫"]):
    (classes / name).mkdir(parents=True)
    for k in range(2):
        Image.fromarray(noise(3 + i, 4)).save(classes / name / f"{k}.png")
loaded = ImageFolder(str(classes))
print("\n".join(loaded.classes))
print(" ".join(str(label) for _, label in loaded.samples))
