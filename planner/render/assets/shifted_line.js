"use strict";

// A line that runs beside its points, some pixels to the right of the way it goes.
const ShiftedLine = L.Polyline.extend({
  _projectLatlngs(points, result, bounds) {
    if (!L.LineUtil.isFlat(points)) {
      points.forEach(piece => this._projectLatlngs(piece, result, bounds));
      return;
    }
    L.Polyline.prototype._projectLatlngs.call(this, points, result, bounds);
    if (this.options.shift) result.push(shifted(result.pop(), this.options.shift));
  },
});

function shifted(points, shift) {
  // Points closer than two pixels have no direction worth following.
  const kept = points.filter((point, at) => at === 0 || at === points.length - 1 || point.distanceTo(points[at - 1]) > 2);
  const normals = kept.slice(1).map((point, at) => {
    const step = point.subtract(kept[at]), length = Math.hypot(step.x, step.y) || 1;
    return L.point(-step.y / length, step.x / length);
  });
  return kept.map((point, at) => {
    const before = normals[Math.max(at - 1, 0)], after = normals[Math.min(at, normals.length - 1)];
    const sum = before.add(after), squared = sum.x * sum.x + sum.y * sum.y;
    // The corner of two parallels; a sharp one is cut off.
    return squared < 0.5 ? point.add(after.multiplyBy(shift)) : point.add(sum.multiplyBy(2 * shift / squared));
  });
}
