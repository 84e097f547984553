export { Attaching } from "../attach/Attaching";
export { Completion, Usage } from "../completion";
export { continueLine, shapeKey } from "./keys";
export { paste } from "./pasting";
export { runCommand } from "./running";
