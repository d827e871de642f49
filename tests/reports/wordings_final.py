"""Further wordings, for counting only: no sentence of these was ever shown to the authors of the patterns.

`wordings.py` is held out too, but a miss that is reported as a printed sentence is no longer unknown. What is counted
with these is not corrected afterwards. Keys that are missing here have the wordings of `wordings.py`.
"""

from __future__ import annotations

__all__ = ["FINAL"]

FINAL: dict[str, tuple[str, ...]] = {
    "intro": (
        "根据{measures}和{local}有关规定，{bureau}组织专人对{year}年度实施的{project}项目进行了绩效评价。现将评价结果报告如下。",
        "{bureau}按照{central}关于全过程绩效管理的要求，对{year}年{project}项目支出绩效进行了综合评价，报告如下：",
    ),
    "tasks": (
        "按照实施方案，项目由{list}{number}个部分组成。",
        "{project}项目的主要任务有{number}项，即{list}。",
    ),
    "progress": (
        "一年来，{verb}{thing}{done}{unit}，各环节运行平稳。",
        "全年实际{verb}{thing}{done}{unit}，居民普遍认可。",
        "据统计，{year}年{verb}的{thing}为{done}{unit}。",
        "{thing}方面，年内共{verb}{done}{unit}，其中第四季度{rest}{unit}。",
        "对照年初{planned}{unit}的计划，全年{verb}{thing}{done}{unit}。",
    ),
    "budget": (
        "{project}项目{year}年度预算总额为{budget}万元，其中{parts}。",
        "经批复，{year}年本项目预算{budget}万元，分别为{parts}，年中未调整。",
    ),
    "spent": (
        "全年累计支付{executed}万元，预算执行率为{rate}%，明细如{table}。",
        "{year}年度实际执行{executed}万元，预算执行率{rate}%，各笔支出见{table}。",
    ),
    "conclusion": (
        "对照指标体系打分汇总，{project}项目{year}年度绩效评价综合得分为{score}分，评价等级“{grade}”，见{table}。",
        "最终，{project}项目的绩效评价总得分为{score}分，评价等级为“{grade}”（得分情况见{table}）。",
    ),
    "period": (
        "评价对象为{project}项目全部财政资金，评价时段从{from_day}至{to_day}。",
        "{project}项目的评价期间为{from_day}至{to_day}，评价范围覆盖项目实施全过程。",
    ),
    "aspects": (
        "评价指标涵盖{list}等{number}个方面。",
        "重点考察{number}方面内容：{list}。",
    ),
    "process": (
        "{begin}至{end}，评价组先后完成方案制定、现场核查和报告撰写。",
        "评价工作于{begin}正式开展，{end}全部完成。",
    ),
    "survey": (
        "本次调查回收有效问卷{valid}份（共发放{sent}份），{respondents}满意度为{share}%。",
        "问卷结果表明，{valid}份有效问卷的{respondents}满意度为{share}%，共发放问卷{sent}份。",
    ),
    "block": (
        "该类指标分值{weight}分，评价得分{score}分。",
        "{name}指标权重为{weight}分，经评定得{score}分。",
    ),
    "block_rate": (
        "{name}指标权重为{weight}分，得分{score}分，得分率为{rate}%。",
        "该类指标共{weight}分，实得{score}分，得分率{rate}%。",
    ),
    "execution": (
        "截至年末支出{executed}万元，预算{budget}万元，预算执行率{rate}%。",
        "预算执行率为{rate}%（支出{executed}万元/预算{budget}万元），得{score}分。",
    ),
    "missed": (
        "{name}年度目标{planned}{unit}，实际为{done}{unit}，得{score}分。",
        "由于场地调整，{name}未完成年度目标（目标{planned}{unit}，完成{done}{unit}），得{score}分。",
    ),
    "over": (
        "{name}年度目标{planned}{unit}，实际达到{done}{unit}，完成率{rate}%，按规则扣1分。",
        "此外，{name}计划数为{planned}{unit}，实际完成{done}{unit}，完成率达{rate}%，扣1分。",
    ),
    "quality": (
        "{year}年{event}的验收共涉及{base}项工作，合格{good}项，{name}{share}%。",
        "现场抽检{base}份记录，{good}份符合标准，{name}为{share}%，达到年度目标。",
    ),
    "cost": (
        "全年实际支出{executed}万元，低于或等于预算{budget}万元，成本控制有效。",
        "预算{budget}万元，实际支出{executed}万元，未发生超支。",
    ),
    "satisfaction": (
        "调查结果显示，{respondents}满意度达到{share}%，该项得满分。",
        "{respondents}满意度实际为{share}%，完成年度目标。",
    ),
    "monthly_broken": (
        "其中志愿者例会每月2次，全年共{total}次。",
        "安全提示每周发布1条，全年合计{total}条。",
    ),
    "deviation_broken": (
        "{name}完成情况与计划相比偏差率为{rate}%，说明目标值偏低。",
        "其中，{name}偏差率高达{rate}%，目标测算不够准确。",
    ),
    "standard_deviation_broken": (
        "实际完成数达到{planned}{unit}且偏差率不超过130%的得{weight}分；偏差率超过130%的扣1分；未完成的按比例得分。",
    ),
    "standard_count": (
        "{name}达到{planned}{unit}（含）以上的得满分，否则按完成比例扣分。",
        "实际完成数不少于{planned}{unit}的，得{weight}分；不足{planned}{unit}的，得分=实际完成数/{planned}×{weight}。",
    ),
    "standard_rate": ("{name}不低于{bound}%的得满分；每下降1个百分点扣0.5分，扣完为止。",),
    "fault_point": ("经费使用中有挪用", "同类项目存在重复", "有关资金被挤占"),
    "formula_only": ("{name}=实际完成数÷计划完成数×100%。实际完成数指年度内实际完成的数额。",),
    "all_or_nothing": (
        "项目效果明显，得满分，否则不得分。",
        "作用显著的得{weight}分，否则不得分。",
    ),
    "evidence_broken": ("{next_year}年1月20日，评价对象组织考核，核查{base}项，合格{good}项，{name}为{share}%。",),
    "blame": ("项目{name}不够，个别指标的目标值设置不合理。原因是编制时缺少历史数据。",),
    "doubled": ("资料整理工作在在年底前完成。", "这是项目的的主要特点。", "活动场地由由街道提供。"),
    "traditional": ("項目實施過程規範有序。", "相關資料齊全，符合規定。"),
    "unpaired": ("工作队被称为“绿色管家，深受好评。", "相关经验（以社区为单位的做法已经推广。"),
}
