"""Debian's Chromium, headless, driven by its chromedriver; nothing is downloaded."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.common.exceptions import JavascriptException, StaleElementReferenceException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

CHROMIUM = Path("/usr/bin/chromium")
CHROMEDRIVER = Path("/usr/bin/chromedriver")
PATIENCE_S = 30.0  # of every wait; a busy machine may need some of it
_OPTIONS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--window-size=1280,800"),
)


class Browser:
    """A browser with what our tests ask of a page."""

    def __init__(self, profile: Path) -> None:
        options = Options()
        options.binary_location = str(CHROMIUM)
        for option in (*_OPTIONS, f"--user-data-dir={profile}"):
            options.add_argument(option)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(str(CHROMEDRIVER)))
        self.downloads = profile / "downloads"
        self.driver.execute_cdp_cmd(
            "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(self.downloads)}
        )

    def script(self, text: str, *arguments: object) -> Any:
        """What a piece of JavaScript returns."""
        return self.driver.execute_script(text, *arguments)

    def until(self, condition: Callable[[], object], what: str, patience_s: float = PATIENCE_S) -> None:
        """Wait for a condition; `what` names it should it never come true."""
        wait = WebDriverWait(self.driver, patience_s, 0.05, [JavascriptException, StaleElementReferenceException])
        wait.until(lambda _: condition(), what)

    def element(self, selector: str) -> Any:
        """The one element of a CSS selector."""
        return self.driver.find_element("css selector", selector)

    def resize(self, width: int, height: int, *, phone: bool = False) -> None:
        """Look through a window of that many CSS pixels."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 2 if phone else 1, "mobile": phone}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def complaints(self) -> list[str]:
        """What the browser wrote to its console since the last call."""
        return [entry["message"] for entry in self.driver.get_log("browser")]  # type: ignore[no-untyped-call]

    def downloaded(self, name: str) -> bytes:
        """The bytes of a download, once it is whole."""
        path = self.downloads / name
        self.until(path.is_file, f"{name} is downloaded")  # it has another name until it is whole
        return path.read_bytes()

    def close(self) -> None:
        """End it."""
        self.driver.quit()


def start(profile: Path) -> Browser:
    """A new browser; skips the test where there is none."""
    for program in (CHROMIUM, CHROMEDRIVER):
        if not program.is_file():
            pytest.skip(f"no {program}: apt install chromium chromium-driver")
    return Browser(profile)
