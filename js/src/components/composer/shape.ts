export { continueLine, shapeKey } from "./keys";
export { paste } from "./pasting";
