// Typedoc settings that need code: READMEs are named after their folder, and every function needs an example.
import { basename, dirname } from "node:path";
import { Application, Converter, ReflectionKind } from "typedoc";

/** @param {Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, document) => {
    const path = document.project.files.getReflectionPath(document);
    if (path !== undefined && basename(path) === "README.md") {
      document.name = basename(dirname(path));
    }
  });
  app.on(Application.EVENT_VALIDATE_PROJECT, (project) => {
    for (const reflection of project.getReflectionsByKind(ReflectionKind.Function)) {
      const commented = [reflection, ...(reflection.signatures ?? [])];
      if (commented.every(({ comment }) => comment?.getTag("@example") === undefined)) {
        app.logger.warn(`${reflection.getFullName()} has no example`);
      }
    }
  });
}
