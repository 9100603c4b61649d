// SPDX-License-Identifier: MIT
// page.js FILE FOLDER: opens a report in Chromium, as wide as a screen and as a phone, light and dark; prints what is there as
// JSON, and leaves pictures of it in FOLDER. Every request but the page itself, every message of the console is told.
import { chromium } from "playwright-core";
import { mkdtempSync, rmSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [file, folder] = process.argv.slice(2);
const program = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
const profile = mkdtempSync(join(tmpdir(), "leat-browser-"));
const url = pathToFileURL(file).href;
const found = { console: [], requests: [], dialogs: 0, views: {} };

const context = await chromium.launchPersistentContext(profile, {
	executablePath: program,
	headless: true,
	args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
try {
	for (const [name, width, colorScheme] of [["wide", 1100, "light"], ["phone", 390, "light"], ["dark", 390, "dark"]]) {
		const page = await context.newPage();
		page.on("console", (m) => found.console.push(m.text()));
		page.on("pageerror", (e) => found.console.push(String(e)));
		page.on("dialog", (d) => { found.dialogs++; d.dismiss(); });
		page.on("request", (r) => { if (r.url() !== url && !r.url().startsWith("data:")) found.requests.push(r.url()); });
		await page.emulateMedia({ colorScheme });
		await page.setViewportSize({ width, height: 800 });
		await page.goto(url);
		found.views[name] = await page.evaluate(() => ({
			overflow: document.documentElement.scrollWidth > innerWidth,
			ground: getComputedStyle(document.body).backgroundColor,
		}));
		if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
		if (name === "wide")
			Object.assign(found, await page.evaluate(() => {
				const texts = (q) => [...document.querySelectorAll(q)].map((e) => e.textContent.trim());
				return {
					title: document.title,
					headline: texts(".lead")[0],
					sections: [...document.querySelectorAll("section")].map((s) => s.id),
					changes: texts("#changes h3"),
					changed: texts("#changes .path"),
					failed: texts("#failures .path"),
					reasons: texts("#failures .why"),
					steps: texts("#time .name"),
					lanes: document.querySelectorAll("#timeline svg").length,
					pictures: [...document.images].map((i) => i.naturalWidth),
					foreign: document.querySelectorAll("script, iframe, object, embed, link, b, i[onclick]").length,
				};
			}));
		await page.close();
	}
} finally {
	await context.close();
	rmSync(profile, { recursive: true, force: true });
}
console.log(JSON.stringify(found));
