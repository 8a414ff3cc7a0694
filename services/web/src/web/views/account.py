"""Accounts: sign up, confirm, sign in and out, forgotten password, profile, notifications."""

from starlette.datastructures import FormData
from starlette.responses import Response

from web.api import Problem
from web.languages import Language
from web.page import Page, failed, safe_next

_PAYING = "/checkout"


async def sign_up(page: Page) -> Response:
    """The form, and what it sends. The answer is the same for a known address."""
    if page.request.method == "GET":
        return await _form(page, "account/sign_up.html", target=safe_next(page.value("next")))
    form = await page.form()
    target = safe_next(str(form.get("next", "/")))
    body = {name: str(form.get(name, "")) for name in ("email", "password", "display_name")}
    answer = await page.api.send("POST", "/v1/accounts", {**body, "locale": page.language.code})
    if problem := failed(answer):
        return await _form(page, "account/sign_up.html", form, problem, target=target)
    if target == _PAYING:
        page.choices["after"] = "checkout"
    return await page.render("account/mail_sent.html", email=body["email"])


async def verify(page: Page) -> Response:
    """The link of the mail shows a button; pressing it uses the secret (mail scanners follow links, people press)."""
    if page.request.method == "GET":
        return await page.render("account/verify.html", token=page.value("token"), problem=None)
    token = str((await page.form()).get("token", ""))
    answer = await page.api.send("POST", "/v1/accounts/verification", {"token": token})
    if problem := failed(answer):
        return await page.render("account/verify.html", status=problem.status, token="", problem=problem)
    return page.go("/sign-in", ok="verified")


async def send_again(page: Page) -> Response:
    """Another confirmation mail."""
    form = await page.form()
    (await page.api.send("POST", "/v1/accounts/verification-requests", {"email": str(form.get("email", ""))})).need()
    return page.go("/sign-in", ok="mail-sent")


async def sign_in(page: Page) -> Response:
    target = _on_to(page, page.value("next"))
    if page.request.method == "GET":
        return await _form(page, "account/sign_in.html", target=target)
    form = await page.form()
    target = _on_to(page, str(form.get("next", "/")))
    body = {name: str(form.get(name, "")) for name in ("email", "password")}
    answer = await page.api.send("POST", "/v1/sessions", body)
    if problem := failed(answer):
        return await _form(page, "account/sign_in.html", form, problem, target=target)
    page.language = Language(answer.body["account"]["locale"])
    page.choices["after"] = ""
    return page.go(target, ok="signed-in")


async def sign_out(page: Page) -> Response:
    await page.api.send("DELETE", "/v1/sessions/current")
    return page.go("/", ok="signed-out")


async def forgotten(page: Page) -> Response:
    """Ask for a link to choose a new password."""
    if page.request.method == "GET":
        return await _form(page, "account/forgotten.html")
    form = await page.form()
    answer = await page.api.send("POST", "/v1/password-resets", {"email": str(form.get("email", ""))})
    if problem := failed(answer):
        return await _form(page, "account/forgotten.html", form, problem)
    return page.go("/sign-in", ok="mail-sent")


async def new_password(page: Page) -> Response:
    """Where the link of the reset mail leads."""
    if page.request.method == "GET":
        return await _form(page, "account/new_password.html", token=page.value("token"))
    form = await page.form()
    body = {name: str(form.get(name, "")) for name in ("token", "password")}
    answer = await page.api.send("POST", "/v1/password-resets/confirmation", body)
    if problem := failed(answer):
        return await _form(page, "account/new_password.html", form, problem, token=body["token"])
    return page.go("/sign-in", ok="password-changed")


async def profile(page: Page) -> Response:
    """Name and language."""
    me = await page.account()
    if page.request.method == "GET":
        return await _form(page, "account/profile.html", account=me)
    form = await page.form()
    change = {"display_name": str(form.get("display_name", "")), "locale": str(form.get("locale", ""))}
    answer = await page.api.send("PATCH", "/v1/me", change)
    if problem := failed(answer):
        return await _form(page, "account/profile.html", form, problem, account=me)
    page.language = Language(answer.body["locale"])
    return page.go("/account", ok="saved")


async def notifications(page: Page) -> Response:
    """What happened, newest first; looking at the page marks nothing, a button does."""
    await page.account()
    if page.request.method == "POST":
        form = await page.form()
        (await page.api.send("POST", "/v1/notifications/read", {"up_to": str(form.get("up_to", ""))})).need()
        return page.go("/notifications")
    found = (await page.api.get("/v1/notifications", cursor=page.value("cursor"))).need()
    return await page.render("account/notifications.html", found=found)


def _on_to(page: Page, asked: str) -> str:
    """Where they wanted to go; back to paying for those who made an account on the way to it."""
    target = safe_next(asked)
    return _PAYING if target == "/" and page.choices["after"] == "checkout" else target


async def _form(
    page: Page, template: str, form: FormData | None = None, problem: Problem | None = None, **values: object
) -> Response:
    status = problem.status if problem else 200
    return await page.render(template, status=status, form=form or {}, problem=problem, **values)
