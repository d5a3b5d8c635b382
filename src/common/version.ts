/** This package's version. A constant, so that a bundle has it too; a test holds it to package.json. */
export const packageVersion = "0.1.0";
