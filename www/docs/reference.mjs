// The reference of the package's API, from the comments in its sources.
import { rmSync } from "node:fs";
import { Application, Converter, Logger, LogLevel } from "typedoc";
import { at } from "../../pkg/tools/shell.mjs";

/** What each entry of the package is made from. */
export const entries = {
  logweir: "pkg/src/index.ts",
  "logweir/slim": "pkg/src/entry/slim.ts",
  "logweir/store": "pkg/src/entry/store.ts",
  "logweir/check": "pkg/src/check.ts",
  "logweir/node": "pkg/src/node/index.ts",
  "logweir/links": "pkg/src/links.ts",
  "logweir/sample": "pkg/src/sample/index.ts",
  "logweir/send": "pkg/src/send/index.ts",
  "logweir/worker": "pkg/src/worker/index.ts",
};

const open = (options) =>
  Application.bootstrapWithPlugins({
    entryPoints: Object.values(entries).map((file) => at(file)),
    tsconfig: at("pkg", "tsconfig.json"),
    skipErrorChecking: true, // the compiler has been asked already
    excludePrivate: true,
    excludeInternal: true,
    excludeExternals: true, // what node:stream says of itself
    disableSources: true,
    readme: "none",
    preservedTypeAnnotationTags: ["@throws"],
    name: "TypeScript API",
    logLevel: LogLevel.Warn,
    validation: { notExported: false, invalidLink: true, notDocumented: false },
    ...options,
  });

/** Writes the reference as Markdown into a folder, a file for each name. */
export async function writeReference(folder) {
  rmSync(folder, { recursive: true, force: true });
  const app = await open({
    out: folder,
    plugin: ["typedoc-plugin-markdown"],
    entryFileName: "index",
    hidePageHeader: true,
    hideBreadcrumbs: true,
    parametersFormat: "table",
    interfacePropertiesFormat: "table",
    typeAliasPropertiesFormat: "table",
    propertyMembersFormat: "table",
    typeDeclarationFormat: "table",
    tableColumnSettings: { hideSources: true, hideInherited: true, hideOverrides: true, hideModifiers: true },
  });
  await app.generateOutputs(await converted(app));
}

/** What is exported and has no comment, by name and file. */
export async function undocumented() {
  const app = await open({ validation: { notExported: false, invalidLink: true, notDocumented: true } });
  const told = [];
  app.logger = new (class extends Logger {
    log(message) {
      told.push(message);
    }
  })();
  app.validate(await converted(app));
  return told;
}

async function converted(app) {
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    for (const { comment } of Object.values(project.reflections)) {
      for (const { typeAnnotation, content } of comment?.getTags("@throws") ?? []) {
        // TypeDoc leaves out which error it is.
        if (typeAnnotation)
          content.unshift({ kind: "code", text: `\`${typeAnnotation.replace(/[{}]/g, "")}\`: ` });
      }
    }
  });
  const project = await app.convert();
  if (!project) throw new Error("the reference cannot be made: the sources do not compile");
  return project;
}
