// The tabs of the panel, in the order in which they stand there: a new one is a file beside this one and a line here.

import { stepTab } from "./card.js";
import { checkTab } from "./check.js";
import { codeTab } from "./code.js";
import { lensTab } from "./lens.js";
import { vertexTab } from "./vertex.js";

export const TABS = [stepTab, vertexTab, codeTab, lensTab, checkTab];
