"""What the process that makes an image anew answers; the one that asked need not load what it draws with."""

import struct
from collections.abc import Mapping
from types import MappingProxyType

from forum.core.i18n import marked

HEAD = struct.Struct(">I")
REFUSALS: Mapping[str, str] = MappingProxyType(
    {
        "damaged": marked(
            "The file is damaged or not complete. Open it in an image program, save it as PNG, JPEG, GIF, "
            "WebP or AVIF, and try again."
        ),
        "avif": marked("This site can't read AVIF. Save the image as PNG or JPEG and upload that."),
        "memory": marked("This image takes too much memory. Make it smaller and try again."),
        "pixels": marked(
            "This image has %(width)s × %(height)s pixels; %(most)s million in all are allowed. Make it "
            "smaller and upload that."
        ),
        "animation": marked(
            "This animation is too long: %(frames)s frames of %(width)s × %(height)s pixels. At most "
            "%(most_frames)s frames and %(most)s million pixels in all are allowed. Cut it or make it "
            "smaller."
        ),
    }
)
"""What is told to the person, by what is wrong. That process knows nothing of their language, so it names the
reason and the numbers, and the one that asked finds the words."""
