"""What is known of single distributions and of libraries: tables, not code.

An addition needs a case that was seen, named in the comment beside it.
"""

from __future__ import annotations

__all__ = ["APPENDED", "HARMLESS_PTH", "WRITTEN", "is_system_library"]

# Distributions whose files people edit in place; always materialised whole. Names are normalised (PEP 503).
APPENDED = frozenset(
    (
        "certifi",  # company certificates are appended to its cacert.pem
        "pip",  # the one of ours must run where the store cannot be read (DESIGN section 9)
    )
)

# Directories (relative to `lib/`) into which a distribution's own program writes; real ones, so that it writes into the
# environment that it runs in.
WRITTEN = {
    "twisted": (
        "twisted/plugins",
    ),  # dropin.cache: what `twist` and Scrapy found there, at their first start
}

# Lines of `.pth` files that run code which writes nothing, whole; NAME is a dotted name in quotes, NAMES a tuple of names.
_DISTUTILS = (
    "import os; var = 'SETUPTOOLS_USE_DISTUTILS'; "
    "enabled = os.environ.get(var, NAME) == 'local'; "
    "enabled and __import__('_distutils_hack').add_shim();"
)
_NAMESPACE = (
    "import sys, types, os;has_mfs = sys.version_info > (3, 5);"
    "p = os.path.join(sys._getframe(1).f_locals['sitedir'], *NAMES);"
    "importlib = has_mfs and __import__('importlib.util');"
    "has_mfs and __import__('importlib.machinery');"
    "m = has_mfs and sys.modules.setdefault(NAME, importlib.util.module_from_spec("
    "importlib.machinery.PathFinder.find_spec(NAME, [os.path.dirname(p)])));"
    "m = m or sys.modules.setdefault(NAME, types.ModuleType(NAME));"
    "mp = (m or []) and m.__dict__.setdefault('__path__',[]);(p not in mp) and mp.append(p)"
)
HARMLESS_PTH = (
    _DISTUTILS,  # setuptools' distutils-precedence.pth
    _NAMESPACE,  # setuptools' PROJECT-nspkg.pth: makes the empty module of a namespace
    _NAMESPACE + ";m and setattr(sys.modules[NAME], NAME, m)",  # the same below another one
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
