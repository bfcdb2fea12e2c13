// node firefox.mjs PUPPETEER READY READ ADDRESS…: opens the addresses in Firefox, prints what READ gives in each as JSON.
const [, , path, ready, read, ...addresses] = process.argv;
const { default: puppeteer } = await import(path);
const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: process.env.LOGWEIR_FIREFOX ?? "/usr/bin/firefox-esr",
  headless: true,
});
const answers = [];
const page = await browser.newPage();
for (const address of addresses) {
  await page.goto(address);
  await page.waitForFunction(ready, { timeout: 30_000 }).catch(() => {});
  answers.push(await page.evaluate(read));
}
await browser.close();
console.log(JSON.stringify(answers));
