/** Builds elements. Text becomes text nodes and is never parsed as HTML. */

export type Child = Node | string | undefined | null | false;

export interface Attributes {
  class?: string;
  title?: string;
  [name: string]: string | boolean | undefined | ((event: Event) => void);
}

/** Creates an element. A function listens to the event of that name; true is an empty attribute. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (typeof value === "string") element.setAttribute(name, value);
  }
  for (const child of children) {
    if (child) element.append(child);
  }
  return element;
}

/** Sets a custom property; an inline style attribute would violate the content policy. */
export function withStyle<E extends HTMLElement>(element: E, property: string, value: string): E {
  element.style.setProperty(property, value);
  return element;
}

/** A labelled icon button. */
export function iconButton(icon: string, label: string, click: () => void): HTMLButtonElement {
  return el(
    "button",
    { type: "button", class: "icon", title: label, "aria-label": label, click },
    icon,
  );
}
