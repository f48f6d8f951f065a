"""L2: the only part that uses the network: pages, metadata and files of indexes."""

from alcove.index.downloads import Downloaded
from alcove.index.file import File
from alcove.index.metadata import NeedsBuild
from alcove.index.pages import Project
from alcove.index.passing import Unanswered
from alcove.index.session import Index
from alcove.index.transport import Broken, ByteRange, Response, Transport

__all__ = [
    "Broken",
    "ByteRange",
    "Downloaded",
    "File",
    "Index",
    "NeedsBuild",
    "Project",
    "Response",
    "Transport",
    "Unanswered",
]
