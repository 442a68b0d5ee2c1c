// The tabs of the panel, in the order of TABS in labels.py: a new one is a file beside this one, a line here and its name there.

import { PANELS } from "../constants.js";
import { stepTab } from "./card.js";
import { checkTab } from "./check.js";
import { codeTab } from "./code.js";
import { lensTab } from "./lens.js";
import { vertexTab } from "./vertex_tab.js";

export const TABS = [stepTab, vertexTab, codeTab, lensTab, checkTab]
  .sort((a, b) => PANELS.indexOf(a.name) - PANELS.indexOf(b.name));
