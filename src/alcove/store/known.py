"""What is known of single distributions and of libraries: tables, not code.

An addition needs a case that was seen, named in the comment beside it.
"""

from __future__ import annotations

__all__ = ["APPENDED", "HARMLESS_PTH", "WRITTEN_BY", "is_system_library"]

# Distributions whose files people edit in place; always materialised whole. Names are normalised (PEP 503).
APPENDED = frozenset(
    (
        "certifi",  # company certificates are appended to its cacert.pem
        "pip",  # the one of ours must run where the store cannot be read (DESIGN section 9)
    )
)

# A distribution that others write into when they are in the same environment: materialised whole there.
WRITTEN_BY: dict[str, tuple[str, ...]] = {
    "urllib3": ("urllib3-future",),  # its .pth copies itself over site-packages/urllib3 at start-up
}

# Lines of `.pth` files that run code which writes nothing: (beginning, what stands in it).
HARMLESS_PTH: tuple[tuple[bytes, bytes], ...] = (
    # setuptools' distutils-precedence.pth
    (
        b"import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os.environ.get(var, ",
        b"enabled and __import__('_distutils_hack')",
    ),
    # NAME-nspkg.pth of setuptools: makes an empty module of a namespace
    (b"import sys, types, os;", b"sys.modules.setdefault("),
)

# What wheels may expect of a system (PEP 600 policies), and the libraries of drivers and desktops.
_SYSTEM = frozenset(
    """
    c m pthread dl rt util nsl resolv crypt anl mvec atomic gcc_s stdc++ z expat gomp quadmath gfortran
    X11 X11-xcb Xext Xrender Xi Xtst Xcomposite Xdamage Xfixes Xrandr Xcursor Xss Xmu Xt ICE SM
    GL GLX GLU EGL OpenGL glib-2.0 gobject-2.0 gthread-2.0 gio-2.0 gmodule-2.0 gtk-3 gdk-3
    pango-1.0 pangocairo-1.0 cairo cairo-gobject atk-1.0 gdk_pixbuf-2.0 harfbuzz freetype fontconfig
    dbus-1 drm gbm udev asound cups keyutils gssapi_krb5 krb5 nss3 nspr4 nssutil3 odbc pq
    xkbcommon xkbcommon-x11 wayland-client wayland-cursor wayland-server wayland-egl
    cuda nvcuvid nvidia-encode nvidia-ml mlx5 ibverbs rdmacm
    """.split()  # noqa: SIM905  a list of a hundred lines is harder to read
)


def is_system_library(name: str) -> bool:
    """Say whether a library (the name in DT_NEEDED) is looked for outside of all wheels."""
    if name.startswith(("ld-", "ld64", "linux-vdso", "libpython", "libxcb", "libc.musl")):
        return True
    stem, dot, _ = name.partition(".so")
    return bool(dot) and stem.startswith("lib") and stem[3:] in _SYSTEM
