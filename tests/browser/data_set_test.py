#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Many explanations in the browser: the table, its filters and order, thousands of rows."""

import browser


def rows(page):
    return [row for row in page.all(".row") if row.is_displayed()]


def column(page, index):
    return page.run("return [...document.querySelectorAll('.row')]"
                    ".map(row => row.cells[arguments[0]].textContent)", index)


class Table(browser.PageTest):
    def test_has_the_columns(self):
        page = self.open("data_set.html")
        heads = [head.text.rstrip(" \u2195") for head in page.all(".items > thead th")]
        self.assertEqual(heads, ["Id", "True label", "Prediction", "Probability", "Target",
                                 "Score sum", "Delta", "Text"])
        first = [cell.text for cell in page.all(".item")[0].find_elements("css selector", "td")[:7]]
        self.assertEqual(first[0], "sst2-1000")
        self.assertEqual(first[1:3], ["1", "positive"])
        self.assertEqual(first[3], "50.0 %")
        self.assertEqual(first[6], "1.2e\u221204")
        self.assertNotEqual(page.style(page.one(".clip .p16"), "backgroundColor"),
                            "rgba(0, 0, 0, 0)")

    def test_cells_stand_under_their_heads(self):
        page = self.open("data_set.html")
        for head, cell in zip(page.all(".items > thead th"), page.all(".row")[0]
                              .find_elements("css selector", "td")):
            self.assertAlmostEqual(head.rect["x"], cell.rect["x"], delta=1)

    def test_filters_right_and_wrong(self):
        page = self.open("data_set.html")
        # Of samples::data_set_row(0) to (39), each seventh has no label; each fifth has label 0,
        # which is wrong where the prediction is positive.
        labelled = [n for n in range(40) if n % 7 != 6]
        wrong = [n for n in labelled if n % 5 == 4 and n % 3 != 1]
        count = {"all": 40, "right": len(labelled) - len(wrong), "wrong": len(wrong)}
        for which in ["right", "wrong", "all"]:
            button = page.one(f"button[data-show={which}]")
            button.click()
            self.assertEqual(len(rows(page)), count[which], which)
            self.assertTrue(button.text.endswith(str(count[which])), button.text)
            self.assertEqual(button.get_attribute("aria-pressed"), "true")
        page.one("button[data-show=wrong]").click()
        shown = [row.find_element("css selector", ".id").text for row in rows(page)]
        self.assertEqual(shown, [f"sst2-{1000 + n}" for n in wrong])
        share = 100 * count["right"] / len(labelled)
        self.assertEqual(page.one(".shown").text, f"{share:.1f} % of {len(labelled)} labelled texts right")

    def test_sorts_by_any_column(self):
        page = self.open("data_set.html")
        buttons = page.all(".sort")
        buttons[5].click()
        sums = [float(text.replace("\u2212", "-")) for text in column(page, 5)]
        self.assertEqual(sums, sorted(sums))
        buttons[5].click()
        sums = [float(text.replace("\u2212", "-")) for text in column(page, 5)]
        self.assertEqual(sums, sorted(sums, reverse=True))
        self.assertEqual(page.all(".items > thead th")[5].get_attribute("aria-sort"), "descending")
        buttons[0].click()
        self.assertEqual(column(page, 0), [f"sst2-{1000 + n}" for n in range(40)])

    def test_a_row_opens_its_explanation(self):
        page = self.open("data_set.html")
        row = page.all(".row")[2]
        row.find_element("css selector", ".truth").click()
        details = [detail for detail in page.all(".detail") if detail.is_displayed()]
        self.assertEqual(len(details), 1)
        self.assertIn("True label 1", details[0].text)
        button = row.find_element("css selector", ".open")
        self.assertEqual(button.get_attribute("aria-expanded"), "true")
        page.hover(details[0].find_element("css selector", "mark"))
        self.assertIn("positive", page.one("#tip").text)
        button.click()
        self.assertFalse(details[0].is_displayed())

    def test_a_row_opens_by_keyboard(self):
        page = self.open("data_set.html")
        page.run("document.querySelectorAll('.open')[1].focus()")
        page.press("\ue007")  # enter
        self.assertTrue(page.all(".detail")[1].is_displayed())

    def test_hover_in_the_table_shows_the_score(self):
        page = self.open("data_set.html")
        word = page.one(".clip .p16")
        page.hover(word)
        self.assertRegex(page.one("#tip").text, r"^\+\d\.\d+ pushes toward positive$")

    def test_thousands_of_rows_load_and_answer(self):
        page = self.open("large.html")
        self.assertEqual(len(page.all(".row")), 2000)
        # Laid out once, not again for every part that arrives: what made large pages slow.
        page.driver.execute_cdp_cmd("Performance.enable", {})
        page.open(self.pages / "large.html")
        metrics = {entry["name"]: entry["value"] for entry in page.driver.execute_cdp_cmd(
            "Performance.getMetrics", {})["metrics"]}
        self.assertLess(metrics["LayoutCount"], 20)
        page.one("button[data-show=wrong]").click()
        self.assertEqual(page.one("button[data-show=all]").text, "All 2,000")
        page.all(".sort")[3].click()
        last = page.run("const all = document.querySelectorAll('.item[data-verdict=wrong] .open');"
                        "all[all.length - 1].click(); return all[all.length - 1].textContent")
        opened = page.one(".item.opened")
        self.assertIn(last, opened.text)
        self.assertEqual(page.complaints(), [])


class Hostile(browser.PageTest):
    def test_texts_stay_texts(self):
        for name in ["hostile.html", "hostile_one.html"]:
            page = self.open(name)
            for button in page.all(".open"):
                page.run("arguments[0].click()", button)
            page.touch_all_words()
            self.assertIsNone(page.run("return window.hacked === undefined ? null : 1"))
            self.assertEqual(page.run("return document.querySelectorAll("
                                      "'img, iframe, object, a, main svg, body > script').length"), 0)
            self.assertEqual(page.complaints(), [], name)
            self.assertEqual(page.requests(), [(self.pages / name).as_uri()], name)

    def test_texts_are_shown_as_written(self):
        page = self.open("hostile.html")
        shown = page.run("return [...document.querySelectorAll('.clip')].map("
                         "clip => clip.firstChild.textContent + '|' + clip.textContent)")
        self.assertIn("</script><script>window.hacked = 1</script>", shown[0])
        self.assertIn("<img src=x onerror=\"window.hacked = 1\">", shown[1])
        self.assertIn("\u241b[31mred", shown[5])
        self.assertIn("<U+202E>override", shown[6])
        self.assertEqual(page.driver.title, "</script><script>window.hacked = 1</script>")


if __name__ == "__main__":
    browser.main()
