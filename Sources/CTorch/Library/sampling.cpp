#include <limits>

#include "boundary.hpp"
using ctorch::guarded;
using ctorch::making;

namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();
constexpr double kSuppressed = -1e9;

/// One column of the controls, [rows, 1] float64.
at::Tensor column(const at::Tensor &controls, ct_draw_column which) { return controls.narrow(1, which, 1); }

at::Tensor penalized(const at::Tensor &logits, const at::Tensor &used, const at::Tensor &controls) {
  const at::Tensor codes = at::arange(logits.size(1), controls.options());
  const at::Tensor scores =
      logits.masked_fill(codes.unsqueeze(0) == column(controls, CT_DRAW_SUPPRESSED), kSuppressed);
  const at::Tensor penalty = column(controls, CT_DRAW_PENALTY).to(at::kFloat);
  return at::where(used, at::where(scores < 0, scores * penalty, scores / penalty), scores);
}

/// The scores, with minus infinity for the codes that top-k and top-p exclude.
at::Tensor kept(const at::Tensor &scores, const at::Tensor &controls) {
  const int64_t last = scores.size(1) - 1;
  // A stable sort keeps equal scores in the order of their codes, like the CPU's sampler.
  const auto [ascending, order] = at::sort(scores, /*stable=*/c10::optional<bool>(true), 1, /*descending=*/false);
  const at::Tensor rank = (last + 1 - column(controls, CT_DRAW_TOP_K)).to(at::kLong).clamp(0, last);
  const at::Tensor within = ascending.masked_fill(ascending < ascending.gather(1, rank), kNever);
  const at::Tensor weights = (within - within.narrow(1, last, 1)).exp().to(at::kDouble);
  const at::Tensor share = (weights / weights.cumsum(1).narrow(1, last, 1)).cumsum(1).to(at::kFloat);
  at::Tensor dropped = share <= column(controls, CT_DRAW_DROPPED).to(at::kFloat);
  dropped.narrow(1, last, 1).fill_(false);
  return at::empty_like(scores).scatter_(1, order, within.masked_fill(dropped, kNever));
}

/// Draws a code per row with the inverse of the cumulative distribution over the codes in their order: [rows, 1] int64.
at::Tensor drawn(const at::Tensor &scores, const at::Tensor &best, const at::Tensor &controls) {
  const int64_t count = scores.size(1);
  const at::Tensor exact = scores.to(at::kDouble);
  const at::Tensor cumulative = (exact - exact.amax(1, /*keepdim=*/true)).exp().cumsum(1);
  const at::Tensor target = column(controls, CT_DRAW_UNIFORM) * cumulative.narrow(1, count - 1, 1);
  const at::Tensor code = (cumulative <= target).sum(1, /*keepdim=*/true);
  return at::where(code < count, code, best);
}

}  // namespace

void ctorch::add_sampling(ct_api &api) {
  api.draw_codes = [](const ct_tensor *logits, const ct_tensor *used, const ct_tensor *controls, ct_tensor **out) {
    return making(out, [&] {
      const at::Tensor &rows = logits->value, &each = controls->value;
      if (rows.dim() != 2 || each.dim() != 2 || each.size(1) != CT_DRAW_COLUMNS) {
        throw ctorch::ArgumentError("logits or controls of another shape");
      }
      const at::Tensor scores = penalized(rows, used->value, each);
      const at::Tensor best = scores.argmax(1, /*keepdim=*/true);
      const at::Tensor code =
          drawn(kept(scores / column(each, CT_DRAW_TEMPERATURE).to(at::kFloat), each), best, each);
      const at::Tensor chosen = at::where(column(each, CT_DRAW_GREEDY) != 0, best, code).to(at::kFloat);
      return chosen.masked_fill(at::isfinite(rows).logical_not().any(1, /*keepdim=*/true), -1);
    });
  };
  api.mark = [](ct_tensor *target, const ct_tensor *columns) {
    return guarded([&] { target->value.scatter_(1, columns->value, /*value=*/true); });
  };
}
