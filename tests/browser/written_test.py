#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What a language model wrote, and layers: choosing tokens, heat maps, the flow."""

import browser

RIGHT, LEFT, DOWN, ENTER = "\ue014", "\ue012", "\ue015", "\ue007"


def classes(page):
    return page.run("return [...document.querySelectorAll('.text mark')].map(m => m.className)")


class Written(browser.PageTest):
    def test_stays_on_the_page_without_complaint(self):
        for name in ["written.html", "long.html", "layers.html"]:
            page = self.open(name)
            page.touch_all_words()
            for row in page.all(".map tr"):  # a call each: a busy machine takes its time
                page.run("arguments[0].querySelectorAll('td').forEach(cell => cell.dispatchEvent("
                         "new MouseEvent('mouseover', {bubbles: true})))", row)
            self.assertEqual(page.complaints(), [], name)
            self.assertEqual(page.requests(), [(self.pages / name).as_uri()], name)

    def test_tokens_tell_their_probability_and_choose(self):
        page = self.open("written.html")
        tabs = page.all("[role=tab]")
        self.assertEqual([tab.text.split("\n") for tab in tabs],
                         [["good", "68.5 %"], ["and", "37.0 %"], ["funny", "44.0 %"]])
        self.assertEqual(classes(page)[3:], ["unseen own", "unseen", "unseen"])
        tabs[2].click()
        self.assertEqual(classes(page)[2], "n16")
        self.assertTrue(classes(page)[4].startswith("n"), "it sees what was written before")
        self.assertEqual(classes(page)[5], "unseen own")
        self.assertEqual(page.one(".map tr.chosen th").text, "funny")

    def test_words_of_the_output_choose_by_click_and_key(self):
        page = self.open("written.html")
        page.all(".text mark")[4].click()
        self.assertEqual(page.one("[aria-selected=true]").text.split("\n")[0], "and")
        page.run("document.querySelectorAll('.text mark')[5].focus()")
        page.press(ENTER)
        self.assertEqual(page.one("[aria-selected=true]").text.split("\n")[0], "funny")
        page.all(".text mark")[0].click()  # of the prompt: nothing to choose
        self.assertEqual(page.one("[aria-selected=true]").text.split("\n")[0], "funny")

    def test_unseen_words_say_so(self):
        page = self.open("written.html")
        page.hover(page.all(".text mark")[4])
        self.assertEqual(page.one("#tip").text, "unseen by the target")

    def test_the_map_tells_scores_and_chooses(self):
        page = self.open("written.html")
        cells = page.all(".map tbody td")
        rows = page.all(".map tbody tr")
        self.assertEqual(len(rows), 3)
        page.hover(cells[0])
        self.assertEqual(page.one("#tip").text, "+1.98 the \u2192 good")
        self.assertEqual([head.text for head in page.all(".map .hot")], ["the", "good"])
        rows[1].click()
        self.assertEqual(page.one("[aria-selected=true]").text.split("\n")[0], "and")

    def test_the_map_by_keyboard(self):
        page = self.open("written.html")
        self.assertEqual(len(page.all(".map td[tabindex='0']")), 1)
        page.run("document.querySelector('.map td[tabindex]').focus()")
        page.press(RIGHT, RIGHT, DOWN, DOWN)
        self.assertEqual(page.one("#tip").text, "\u22121.81 was \u2192 funny")
        page.press(LEFT, ENTER)
        self.assertEqual(page.one("[aria-selected=true]").text.split("\n")[0], "funny")
        self.assertEqual(len(page.all(".map td[tabindex='0']")), 1)

    def test_a_long_map_scrolls_in_itself(self):
        page = self.open("long.html")
        wide = page.run("return [document.documentElement.scrollWidth, innerWidth]")
        self.assertLessEqual(wide[0], wide[1])
        self.assertEqual(len(page.all(".map tbody tr")), 64)
        self.assertEqual(len(page.all(".map thead th")), 100)
        self.assertGreaterEqual(page.run("return document.querySelector('.map tbody td')"
                                         ".getBoundingClientRect().width"), 13)

    def test_maps_follow_palette_and_theme(self):
        page = self.open("written.html")
        cell = page.one(".map .p16")
        before = page.style(cell, "backgroundColor")
        page.one("[data-palette-is=blue]").click()
        blue = page.style(cell, "backgroundColor")
        page.one("[data-theme-is=dark]").click()
        self.assertEqual(len({before, blue, page.style(cell, "backgroundColor")}), 3)

    def test_several_classes_have_a_map_too(self):
        page = self.open("classes.html")
        self.assertEqual([head.text for head in page.all(".map tbody th")],
                         ["joy", "sadness", "anger", "fear", "surprise"])
        page.all(".map tbody tr")[3].click()
        self.assertEqual(page.one("[aria-selected=true]").text, "fear")


class Layers(browser.PageTest):
    def choose(self, page, what, value):
        page.run("const choice = document.querySelector(`[data-choose=${arguments[0]}]`);"
                 "choice.value = arguments[1]; choice.dispatchEvent(new Event('change'))",
                 what, value)

    def test_any_token_layer_and_table(self):
        page = self.open("layers.html")
        self.assertEqual([head.text for head in page.all(".layers tbody th")],
                         ["layer 3", "layer 2", "layer 1", "layer 0"])
        self.assertIn("[CLS]", page.one(".layers figcaption").text)
        self.choose(page, "row", "2")
        self.assertIn('"bad"', page.one(".layers figcaption").text)
        self.choose(page, "view", "2")
        self.assertEqual([head.text for head in page.all(".layers tbody th")],
                         ["[CLS]", "not", "bad", "really", "[SEP]"])
        before = page.one(".layers tbody").get_attribute("innerHTML")
        self.choose(page, "table", "1")
        self.assertNotEqual(page.one(".layers tbody").get_attribute("innerHTML"), before)
        page.all(".layers tbody th")[3].click()  # a row leads to its token
        self.assertIn('rollout of "really"', page.one(".layers figcaption").text)

    def test_flow(self):
        page = self.open("layers.html")
        self.choose(page, "view", "0")
        lines = page.all(".flow")
        self.assertGreater(len(lines), 20)
        self.assertIn("in layer 3", lines[0].get_attribute("textContent"))
        self.choose(page, "row", "4")
        self.assertIn('Where "[SEP]"', page.one(".flows figcaption").text)

    def test_cells_tell_their_numbers(self):
        page = self.open("layers.html")
        page.hover(page.all(".layers tbody td")[0])
        self.assertRegex(page.one("#tip").text, r"0\.\d{4} \[CLS\] \u2192 layer 3")


class WithoutScripts(browser.PageTest):
    @classmethod
    def setUpClass(cls):
        cls.browser = browser.Browser(scripts=False)

    def test_the_first_target_and_the_maps_are_there(self):
        page = self.open("written.html")
        self.assertEqual(page.all("[role=tab]")[0].text.split("\n"), ["good", "68.5 %"])
        self.assertNotEqual(page.style(page.one(".map .p16"), "backgroundColor"),
                            "rgba(0, 0, 0, 0)")
        page = self.open("layers.html")
        self.assertEqual(len(page.all(".layers tbody tr")), 4)
        self.assertFalse(page.one(".chooser").is_displayed())


if __name__ == "__main__":
    browser.main()
