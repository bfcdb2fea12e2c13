// Debian packages that a step needs and the machine lacks.
import { existsSync } from "node:fs";
import { ask, run, Stop, say } from "./shell.mjs";

/**
 * Installs packages where that is possible: Debian or a relative, as root. Elsewhere it does nothing.
 * @param {string[]} packages
 * @param {string} what what they are, for the message
 * @returns {Promise<boolean>} whether they are installed now
 */
export async function install(packages, what) {
  const wanted = missing(packages);
  if (wanted.length === 0) return true;
  if (!canInstall()) return false;
  say(`Installing ${what}: ${wanted.join(" ")} (apt, about a minute) …`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const quiet = ["-qq", "-o", "Dpkg::Use-Pty=0"];
  const fetched = await run("apt-get", [...quiet, "update"], { env });
  if (fetched.status !== 0) return false;
  const { status } = await run("apt-get", [...quiet, "install", "-y", "--no-install-recommends", ...wanted], {
    env,
  });
  return status === 0;
}

/** Like `install`, but what cannot be installed stops the step with a message. */
export async function need(packages, what) {
  if (await install(packages, what)) return;
  throw new Stop(
    `${what} is missing here: ${missing(packages).join(" ")}\n` +
      `  on Debian, as root: apt-get install --no-install-recommends ${packages.join(" ")}`,
  );
}

const canInstall = () => existsSync("/etc/debian_version") && process.getuid?.() === 0;

function missing(packages) {
  return packages.filter((name) => {
    const status = ask("dpkg", ["-s", name]);
    return !status?.includes("Status: install ok installed");
  });
}

/** A Chromium to drive: LOGWEIR_CHROMIUM names one, else the usual places, else Debian's package. */
export async function chromium() {
  const places = [
    process.env.LOGWEIR_CHROMIUM,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ];
  const found = () => places.find((place) => place && existsSync(place));
  if (!found()) await need(["chromium", "fonts-dejavu-core"], "A browser (Chromium)");
  return found();
}
