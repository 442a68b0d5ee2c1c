// The player: one view of a walk, stepped in the page itself.

import { View } from "./view.js";

/** @import { Component } from "./types.js" */

/** One view an element, whatever number of times it is given data. @type {WeakMap<HTMLElement | ShadowRoot, View>} */
const views = new WeakMap();

/**
 * The component: called on mount and again with every change of its data or theme, on the same element.
 * @param {Component} component
 * @returns {() => void} cleanup
 */
export default function graphlabPlayer(component) {
  const { parentElement } = component;
  let view = views.get(parentElement);
  if (!view) {
    view = new View(parentElement);
    views.set(parentElement, view);
  }
  view.update(component);
  const call = ++view.calls;
  return () => {
    // A cleanup that comes late, from a call that another one has followed, must not take the view away.
    if (call !== view.calls) return;
    view.destroy();
    views.delete(parentElement);
  };
}
