#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""One explanation in the browser: scores on hover and focus, tabs, palettes, themes, no scripts."""

import browser


class OnePage(browser.PageTest):
    def test_stays_on_the_page_without_complaint(self):
        for name in ["review.html", "pair.html", "classes.html", "data_set.html", "unsigned.html",
                     "empty.html"]:
            page = self.open(name)
            page.touch_all_words()
            self.assertEqual(page.complaints(), [], name)
            self.assertEqual(page.requests(), [(self.pages / name).as_uri()], name)

    def test_hover_shows_the_score(self):
        page = self.open("review.html")
        word = page.all(".text mark")[2]
        self.assertEqual(word.text, "gripping")
        page.hover(word)
        tip = page.one("#tip")
        self.assertTrue(tip.is_displayed())
        self.assertEqual(tip.text, "+1.62 pushes toward positive")
        page.hover(page.all(".text mark")[12])
        self.assertEqual(tip.text, "\u22120.71 pushes away from positive")
        page.hover(page.one("h1"))
        self.assertFalse(tip.is_displayed())

    def test_keyboard_reaches_every_word(self):
        page = self.open("review.html")
        stops = page.all(".text mark[tabindex='0']")
        self.assertEqual(len(stops), 1, "the text is one stop of the tab key")
        for _ in range(20):
            page.press("\ue004")  # tab
            if page.run("return document.activeElement.matches('mark')"):
                break
        tip = page.one("#tip")
        self.assertEqual(tip.text, "+0.08 pushes toward positive")
        page.press("\ue014", "\ue014")  # right, right
        self.assertEqual(page.run("return document.activeElement.textContent"), "gripping")
        self.assertEqual(tip.text, "+1.62 pushes toward positive")
        self.assertEqual(page.run("return document.activeElement.getAttribute('aria-describedby')"),
                         "tip")
        page.press("\ue010")  # end
        self.assertEqual(page.run("return document.activeElement.textContent"), ".")
        page.press("\ue00c")  # escape
        self.assertFalse(tip.is_displayed())

    def test_tip_stays_inside_the_window(self):
        page = self.open("review.html")
        for word in page.all(".text mark"):
            page.hover(word)
            box = page.one("#tip").rect
            self.assertGreaterEqual(box["x"], 0)
            self.assertLessEqual(box["x"] + box["width"],
                                 page.run("return document.documentElement.clientWidth"))

    def test_tabs_switch_the_target(self):
        page = self.open("classes.html")
        tabs = page.all("[role=tab]")
        self.assertEqual([tab.text for tab in tabs],
                         ["joy", "sadness", "anger", "fear", "surprise"])
        word = page.all(".text mark")[2]
        before = page.style(word, "backgroundColor")
        tabs[1].click()
        self.assertEqual(tabs[1].get_attribute("aria-selected"), "true")
        self.assertEqual(tabs[0].get_attribute("aria-selected"), "false")
        self.assertNotEqual(page.style(word, "backgroundColor"), before)
        self.assertEqual(page.one(".panel .highest").text, "+1.53")
        page.hover(word)
        self.assertEqual(page.one("#tip").text, "\u22121.53 pushes away from sadness")
        shown = [table for table in page.all(".ranking") if table.is_displayed()]
        self.assertEqual(len(shown), 1)
        self.assertIn("+0.66", shown[0].text)

    def test_tabs_by_keyboard(self):
        page = self.open("classes.html")
        page.run("document.querySelector('[role=tab]').focus()")
        page.press("\ue014")  # right
        self.assertEqual(page.run("return document.activeElement.textContent"), "sadness")
        self.assertEqual(page.one("[role=tab][aria-selected=true]").text, "sadness")
        page.press("\ue012", "\ue012")  # left, left: around the corner
        self.assertEqual(page.one("[role=tab][aria-selected=true]").text, "surprise")
        self.assertEqual(len(page.all("[role=tab][tabindex='0']")), 1)

    def test_first_tab_shows_what_was_there_without_script(self):
        page = self.open("classes.html")
        static = page.run("return [...document.querySelectorAll('.clip mark')].map(m => m.className)")
        tabs = page.all("[role=tab]")
        tabs[3].click()
        tabs[0].click()
        again = page.run("return [...document.querySelectorAll('.text mark')].map(m => m.className)")
        self.assertEqual(static, again)

    def test_palette_changes_the_colours(self):
        page = self.open("review.html")
        toward, away = page.all(".text mark")[2], page.all(".text mark")[19]
        green, red = (self.rgb(page, mark) for mark in (toward, away))
        self.assertGreater(green[1], max(green[0], green[2]))
        self.assertGreater(red[0], max(red[1], red[2]))
        button = page.one("[data-palette-is=blue]")
        button.click()
        self.assertEqual(button.get_attribute("aria-pressed"), "true")
        blue, orange = (self.rgb(page, mark) for mark in (toward, away))
        self.assertGreater(blue[2], max(blue[0], blue[1]))
        self.assertGreater(orange[0], orange[2])

    def test_theme_follows_the_system_and_the_button(self):
        page = self.open("review.html")

        def looks():
            return [page.style(page.one(what), name) for what, name in
                    [("html", "backgroundColor"), ("html", "color"), ("article", "backgroundColor"),
                     (".text .p16", "backgroundColor"), (".text .p16", "color")]]

        page.prefer("light")
        light = looks()
        page.prefer("dark")
        dark = looks()
        for one, other in zip(light, dark):
            self.assertNotEqual(one, other)
        page.one("[data-theme-is=light]").click()
        self.assertEqual(looks(), light)
        page.prefer("light")
        page.one("[data-theme-is=dark]").click()
        self.assertEqual(looks(), dark)
        page.one("[data-theme-is=auto]").click()
        self.assertEqual(looks(), light)

    def test_words_can_be_read_in_every_look(self):
        page = self.open("review.html")
        for theme in ["light", "dark"]:
            for palette in ["green", "blue"]:
                page.one(f"[data-theme-is={theme}]").click()
                page.one(f"[data-palette-is={palette}]").click()
                for mark in page.all(".text mark:not(.z)"):
                    self.assertGreaterEqual(self.contrast(page, mark), 4.5)

    def test_unsigned_scores_claim_no_direction(self):
        page = self.open("unsigned.html")
        page.hover(page.all(".text mark")[1])
        self.assertEqual(page.one("#tip").text, "2.00 matters to positive")
        self.assertNotIn("pushes", page.one("article").text)

    def test_evidence_is_there(self):
        page = self.open("review.html")
        text = page.one("article").text
        for part in ["positive", "99.8 %", "True label positive", "2.237", "0.125", "2.112", "2.050",
                     "[CLS] [PAD] × 22 [SEP]", "integrated_gradients", "models/sst2-minilm"]:
            self.assertIn(part, text)

    def rgb(self, page, mark):
        color = page.style(mark, "backgroundColor")
        return [int(part) for part in color[color.index("(") + 1:-1].split(",")[:3]]

    def contrast(self, page, mark):
        def luminance(color):
            channels = [int(part) / 255 for part in color[color.index("(") + 1:-1].split(",")[:3]]
            red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
                                for c in channels)
            return 0.2126 * red + 0.7152 * green + 0.0722 * blue

        pair = sorted(luminance(page.style(mark, name)) for name in ["color", "backgroundColor"])
        return (pair[1] + 0.05) / (pair[0] + 0.05)


class WithoutScripts(browser.PageTest):
    @classmethod
    def setUpClass(cls):
        cls.browser = browser.Browser(scripts=False)

    def test_the_coloured_text_is_there(self):
        page = self.open("classes.html")
        word = page.all(".text mark")[2]
        self.assertTrue(word.is_displayed())
        self.assertEqual(word.text, "gripping")
        self.assertEqual(word.get_attribute("title"), "+1.62")
        self.assertNotEqual(page.style(word, "backgroundColor"), "rgba(0, 0, 0, 0)")
        self.assertIn("2.237", page.one(".sums").text)
        self.assertFalse(page.one(".tools").is_displayed())

    def test_the_table_is_there(self):
        page = self.open("data_set.html")
        self.assertTrue(page.all(".clip mark")[0].is_displayed())


if __name__ == "__main__":
    browser.main()
