import { enableCompileCache } from "node:module";

// What is compiled once is kept in the system's folder for temporary files: a second start is half a second
// quicker. It has to be said before anything else is loaded.
enableCompileCache();
await import("./main.ts");
