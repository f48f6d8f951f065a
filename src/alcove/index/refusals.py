"""What to say where a server wants a login (401) or refuses (403): whether one was sent, and where that one stands.

Rule: where a login stands is told; what it says, its user included, never is: tokens are given as users, too.
"""

from __future__ import annotations

__all__ = ["refusal"]

_LOGIN = "put USER:PASSWORD@ into the index's URL, or use netrc or keyring"


def refusal(status: int, login: str) -> tuple[str, str]:
    """Return (what goes on from "ADDRESS: …", hint) for an answer 401 or 403; `login`: where the one sent stands, "" for none.

    >>> refusal(401, "netrc")[0]
    'does not take the login in netrc (401)'
    """
    if not login:
        if status == 401:
            return "wants a login (401)", _LOGIN
        return "refused (403)", f"it may want a login: {_LOGIN}; or this is not for everybody"
    advice = f"check user and password in {login}"
    if "address" in login:
        advice += ", where %40 stands for @, %3A for : and %25 for %"
    if status == 401:
        return f"does not take the login in {login} (401)", advice
    return (
        f"refused (403), with the login in {login}",
        f"its user may not have this, or {advice}",
    )
