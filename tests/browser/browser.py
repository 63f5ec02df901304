#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A headless Chromium that reports every request and every complaint of a page."""

import json
import os
import pathlib
import shutil
import sys
import tempfile
import unittest

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-dev-shm-usage", "--force-device-scale-factor=1", "--window-size=1200,900"]
SKIP = 77


def missing():
    """Why no browser can be driven here, or None."""
    try:
        import selenium  # noqa: F401, PLC0415
    except ImportError:
        return "python3-selenium is not installed"
    chromium = shutil.which("chromium")
    if not chromium:
        return "chromium is not installed"
    if "/snap/" in os.path.realpath(chromium) or _starts_snap(chromium):
        return "chromium is a snap, which cannot be driven with a profile of its own"
    if not shutil.which("chromedriver"):
        return "chromedriver (package chromium-driver) is not installed"
    return None


def _starts_snap(program):
    """Ubuntu's deb of that name is a script that hands over to the snap."""
    with open(program, "rb") as file:
        head = file.read(4096)
    return head.startswith(b"#!") and b"/snap/bin" in head


class Browser:
    """One Chromium with a fresh profile."""

    def __init__(self, *extra_flags, scripts=True):
        from selenium import webdriver  # noqa: PLC0415
        self._profile = tempfile.TemporaryDirectory(prefix="ascribo-browser-")
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        for flag in [*FLAGS, f"--user-data-dir={self._profile.name}", *extra_flags]:
            options.add_argument(flag)
        if not scripts:
            options.add_experimental_option(
                "prefs", {"profile.managed_default_content_settings.javascript": 2})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = _start(webdriver, options)

    def close(self):
        self.driver.quit()
        self._profile.cleanup()

    def open(self, page):
        self.driver.get_log("browser")
        self.driver.get_log("performance")
        self.driver.get(pathlib.Path(page).resolve().as_uri())

    def all(self, selector):
        from selenium.webdriver.common.by import By  # noqa: PLC0415
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        found = self.all(selector)
        assert found, f"nothing matches {selector}"
        return found[0]

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def style(self, element, name):
        return self.run("return getComputedStyle(arguments[0])[arguments[1]]", element, name)

    def press(self, *keys):
        from selenium.webdriver.common.action_chains import ActionChains  # noqa: PLC0415
        ActionChains(self.driver).send_keys(*keys).perform()

    def hover(self, element):
        from selenium.webdriver.common.action_chains import ActionChains  # noqa: PLC0415
        ActionChains(self.driver).move_to_element(element).perform()

    def touch_all_words(self):
        """Points at every word that can be seen, as a mouse would, only faster."""
        self.run("document.querySelectorAll('mark').forEach(mark => { if (mark.offsetParent) "
                 "mark.dispatchEvent(new MouseEvent('mouseover', {bubbles: true})); })")

    def prefer(self, scheme):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def complaints(self):
        """Console errors and policy violations since open()."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self):
        """Addresses asked for since open(), other than the page and data inside it."""
        asked = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                asked.append(message["params"]["request"]["url"])
        # The start page of the browser itself may still be loading.
        return [url for url in asked if not url.startswith(("data:", "chrome:"))]


def _start(webdriver, options):
    driver = shutil.which("chromedriver")
    try:
        from selenium.webdriver.chrome.service import Service  # noqa: PLC0415
        return webdriver.Chrome(service=Service(driver), options=options)
    except TypeError:  # selenium 3
        return webdriver.Chrome(executable_path=driver, options=options)


class PageTest(unittest.TestCase):
    """A test with the folder of pages and one browser for all its methods."""

    pages = pathlib.Path()

    @classmethod
    def setUpClass(cls):
        cls.browser = Browser()

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()

    def open(self, name):
        self.browser.open(self.pages / name)
        return self.browser


def main():
    """Runs the tests of the calling file: FILE FOLDER-OF-PAGES [unittest arguments]."""
    reason = missing()
    if reason:
        print(f"SKIPPED: {reason}")
        sys.exit(SKIP)
    PageTest.pages = pathlib.Path(sys.argv[1]).resolve()
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
