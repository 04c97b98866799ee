"""Does axe find anything in the pages, and do they fit on the smallest screen?

    .venv/bin/python -m bench.pages axe.min.js [NAME]

`axe.min.js` is from the npm package axe-core (`npm pack axe-core@4.14.1`), and Chromium must be
installed. Each notice and record of the examples, or those whose name holds NAME, is opened 320 and
1280 wide, light and dark, with every detail unfolded; axe looks for what WCAG 2.2 A and AA ask.
Exits with 1 when it finds something. It is no test of the test run: a browser and axe are large,
and the pages change seldom.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path

from ombud.pages import make_notice, render
from ombud.pages.record import make_record, page_of
from ombud.policy import parse_policy

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
WIDTHS = (320, 1280)
SCHEMES = {"light": 1, "dark": 0}  # Chromium's numbers
ON = date(2026, 11, 24)
LOOK = """
<script src="%s"></script><script>
document.querySelectorAll("details").forEach(each => each.open = true);
const asked = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const named = each => [each.id, each.nodes.slice(0, 3).map(node => node.target.join(" "))];
const run = () => axe.run(document, {runOnly: asked}).then(told => parent.postMessage({
  broken: told.violations.map(named),
  unsure: told.incomplete.map(each => [each.id, each.nodes.length,
    each.nodes[0].target, each.nodes[0].any.map(any => any.message)]),
  passed: told.passes.length,
  over: document.documentElement.scrollWidth - innerWidth,
  wide: innerWidth,
}, "*"));
setTimeout(run, 1000);  // when what unfolds has unfolded
</script>
"""
# A browser's own window is never as narrow as a phone; a frame can be.
FRAME = """<!doctype html><iframe src="%s" style="width: %dpx; height: 1200px; border: 0"></iframe>
<script>
onmessage = told => document.body.textContent = "FOUND" + JSON.stringify(told.data) + "END";
</script>
"""


def pages() -> Iterator[tuple[str, str]]:
    """Yield the name and the HTML of each notice, and of each record in the main language."""
    for path in sorted(EXAMPLES.glob("*/policy.yaml")):
        policy = parse_policy(path.read_bytes(), "policy.yaml", ON)
        for language in policy.organisation.languages:
            html = render(make_notice(policy, language, on=ON, draft=True), "html").decode()
            yield f"{path.parent.name}.{language}", html
        record = make_record(policy, None, policy.organisation.languages[0], on=ON)
        yield f"{path.parent.name}.record", render(page_of(record), "html").decode()


def look(chromium: str, page: Path, width: int, scheme: int) -> dict[str, object]:
    """Return what axe found on a page."""
    frame = page.with_suffix(".frame.html")
    frame.write_text(FRAME % (page.as_uri(), width))
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            [
                chromium,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                f"--user-data-dir={profile}",
                "--allow-file-access-from-files",
                "--virtual-time-budget=20000",
                "--window-size=1400,1200",
                f"--blink-settings=preferredColorScheme={scheme}",
                "--dump-dom",
                frame.as_uri(),
            ],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
    told = re.search(r"FOUND(.*)END", unescape(done.stdout), re.DOTALL)
    if told is None:
        raise SystemExit(f"axe said nothing on {page.name}")
    found: dict[str, object] = json.loads(told[1])
    return found


def main() -> int:
    """Look at every page; return 1 where something is wrong."""
    names = ("chromium", "google-chrome", "chromium-headless-shell")
    chromium = next(filter(None, map(shutil.which, names)), None)
    if len(sys.argv) not in (2, 3) or chromium is None:
        sys.stdout.write(f"{__doc__}\n")
        return 2
    axe, wrong = Path(sys.argv[1]).resolve().as_uri(), 0
    wanted = sys.argv[2] if len(sys.argv) > 2 else ""
    with tempfile.TemporaryDirectory() as folder:
        for name, html in pages():
            if wanted not in name:
                continue
            page = Path(folder) / f"{name}.html"
            # the page's own policy allows no script, and axe is one
            open_to_axe = re.sub(r"<meta http-equiv=.*?>", "", html)
            page.write_text(open_to_axe.replace("</body>", LOOK % axe + "</body>"))
            for width in WIDTHS:
                for scheme, number in SCHEMES.items():
                    found = look(chromium, page, width, number)
                    bad = bool(found["broken"]) or found["over"] > 0 or found["wide"] != width
                    wrong += bad
                    said = "WRONG" if bad else "ok"
                    sys.stdout.write(f"{name:22} {width:5} {scheme:5} {said} {found}\n")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
