"""Pictures of own items."""

from django.db import models

from quizzes.models.items import Item

MEDIA_TYPES = ["image/jpeg", "image/png", "image/webp"]  # a drawing in SVG may hold a script


class Picture(models.Model):
    """A picture of an own item as it is shown, which its versions name by the checksum of the bytes.

    `quizzes.pictures` made it anew from what was sent: no byte of a file from outside is in it.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="pictures")
    checksum = models.CharField(max_length=64)
    media_type = models.CharField(max_length=20)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "checksum"], name="one_picture_per_item_and_checksum"),
            models.CheckConstraint(
                condition=models.Q(media_type__in=MEDIA_TYPES), name="a_picture_is_a_jpeg_a_png_or_a_webp_file"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.checksum[:12]}"
