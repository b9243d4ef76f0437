"""How a bot gets its updates: getUpdates and the webhook methods."""

import re

from emulator.methods.registry import Request, method
from emulator.webhooks import check_url
from emulator.wire import Json, Rejected, bad_request

_MAX_TIMEOUT = 50
_SECRET = re.compile(r"^[A-Za-z0-9_-]{1,256}$")


def _remember_allowed(request: Request) -> None:
    try:
        allowed = request.params.decoded("allowed_updates")
    except ValueError:
        raise bad_request("can't parse allowed_updates JSON object") from None
    if isinstance(allowed, list):
        request.bot.queue.allowed = frozenset(str(kind) for kind in allowed) or None


@method("getUpdates")
async def get_updates(request: Request) -> list[Json]:
    """Hand out updates from `offset` on and confirm those below; wait up to `timeout` seconds for the first."""
    bot, params = request.bot, request.params
    if bot.webhook.state.url:
        raise Rejected(409, "Conflict: can't use getUpdates method while webhook is active; "
                            "use deleteWebhook to delete the webhook first")  # fmt: skip
    limit = params.integer("limit", 100) or 100
    if not 1 <= limit <= 100:
        limit = 100
    _remember_allowed(request)
    timeout = min(max(0, params.integer("timeout", 0) or 0), _MAX_TIMEOUT)
    return await bot.queue.poll(offset=params.integer("offset", 0) or 0, limit=limit, timeout=timeout)


@method("setWebhook")
async def set_webhook(request: Request) -> bool:
    """Deliver to an address from now on; an empty address ends it."""
    bot, params = request.bot, request.params
    url, secret = params.text("url"), params.text("secret_token")
    _remember_allowed(request)
    if params.flag("drop_pending_updates") and bot.dialect.drops_pending:
        bot.queue.drop_all()
    if not url:
        await bot.webhook.clear()
        return True
    check_url(url)
    if secret and not _SECRET.match(secret):
        raise bad_request("secret token contains unallowed characters")
    connections = min(100, max(1, params.integer("max_connections", 40) or 40))
    await bot.webhook.set(url, secret=secret, max_connections=connections)
    return True


@method("deleteWebhook")
async def delete_webhook(request: Request) -> bool:
    """End delivery by webhook; on Bale pending updates are never dropped."""
    if request.params.flag("drop_pending_updates") and request.bot.dialect.drops_pending:
        request.bot.queue.drop_all()
    await request.bot.webhook.clear()
    return True


@method("getWebhookInfo")
def get_webhook_info(request: Request) -> Json:
    """Return the state of the webhook; Bale tells the address only."""
    state = request.bot.webhook.state
    if request.bot.dialect.name == "bale":
        return {"url": state.url}
    info: Json = {
        "url": state.url,
        "has_custom_certificate": False,
        "pending_update_count": len(request.bot.queue.pending),
    }
    if state.url:
        info["max_connections"] = state.max_connections
    if state.last_error_date:
        info.update(last_error_date=state.last_error_date, last_error_message=state.last_error_message)
    if request.bot.queue.allowed:
        info["allowed_updates"] = sorted(request.bot.queue.allowed)
    return info
