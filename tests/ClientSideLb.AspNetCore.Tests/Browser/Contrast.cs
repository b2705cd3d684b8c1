namespace ClientSideLb.AspNetCore.Tests.Browser;

/// <summary>Finds text that is hard to read: text with a contrast below 4.5 to 1, the minimum of WCAG 2.2 at level AA.</summary>
internal static class Contrast
{
    /// <summary>A function that returns each visible text with too little contrast, and its contrast.</summary>
    internal const string Script =
        """
        () => {
          const parse = color => color.match(/[\d.]+/g).map(Number);
          const luminance = ([red, green, blue]) => {
            const linear = [red, green, blue].map(part => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
            return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
          };
          const groundOf = element => {
            for (let node = element; node; node = node.parentElement) {
              const color = parse(getComputedStyle(node).backgroundColor);
              if (color.length === 3 || color[3] > 0) {
                return color;
              }
            }
            return [255, 255, 255];
          };
          const faint = [];
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (texts.nextNode()) {
            const element = texts.currentNode.parentElement;
            if (!texts.currentNode.textContent.trim() || !element.checkVisibility() || element.closest(".unseen, noscript, template")) {
              continue;
            }
            const [light, dark] = [luminance(parse(getComputedStyle(element).color)), luminance(groundOf(element))].sort((a, b) => b - a);
            const ratio = (light + 0.05) / (dark + 0.05);
            if (ratio < 4.5) {
              faint.push(`${texts.currentNode.textContent.trim()}: ${ratio.toFixed(2)}`);
            }
          }
          return faint;
        }
        """;
}
