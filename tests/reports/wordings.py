"""The sentences of invented reports: several ways to say each thing that reports say.

Held out: written from what such reports print and never shown to the authors of the patterns in
`lintperf_builtin.prose`, so that what is measured here is how well the patterns do on wordings they were not made from.
Slots in braces are filled from the project; a slot is broken by `mutate` without touching the words around it.
"""

from __future__ import annotations

__all__ = ["HEADINGS", "LABELS", "WORDINGS"]

# Titles of the chapters of the national outline, and the sections that every report here has.
HEADINGS: dict[str, tuple[str, ...]] = {
    "basics": ("基本情况", "项目基本情况", "项目概况"),
    "overview": ("项目概况", "项目背景及主要内容", "项目简介"),
    "background": ("立项背景", "项目背景", "项目设立情况"),
    "content": ("主要内容", "项目主要内容", "项目工作内容"),
    "progress": ("实施情况", "项目实施情况", "项目完成情况"),
    "money": ("资金投入和使用情况", "项目资金情况", "预算安排与执行情况"),
    "goals": ("绩效目标", "项目绩效目标", "绩效目标设定情况"),
    "overall": ("总体目标", "项目总目标", "中长期目标"),
    "annual": ("年度目标", "年度绩效目标", "阶段性目标"),
    "work": ("绩效评价工作开展情况", "评价工作开展情况", "绩效评价开展情况"),
    "purpose": ("评价目的、对象和范围", "绩效评价目的、对象和范围", "评价的目的与范围"),
    "bases": ("评价依据、原则和方法", "绩效评价依据、原则、方法", "评价依据"),
    "process": ("评价工作过程", "绩效评价工作过程", "评价实施过程"),
    "conclusion": ("综合评价情况及评价结论", "综合评价结论", "评价结论"),
    "analysis": ("绩效评价指标分析", "指标分析", "评价指标分析"),
    "practice": ("主要经验及做法", "主要经验做法", "经验和做法"),
    "problems": ("存在的问题及原因分析", "存在问题及原因", "存在的问题和原因分析"),
    "advice": ("有关建议", "相关建议", "意见建议"),
}

# What a column or a line of a table may be called.
LABELS: dict[str, tuple[str, ...]] = {
    "target": ("标杆值", "目标值", "年度指标值", "计划值"),
    "actual": ("实际完成值", "实际值", "完成值"),
    "weight": ("权重", "分值", "标准分值"),
    "score": ("得分", "评价得分"),
    "standard": ("评分标准", "评价标准", "评分细则"),
    "description": ("指标说明", "指标解释"),
    "subtotal": ("小计",),
    "total": ("合计", "总分", "总计"),
    "purpose": ("支付摘要", "支付事项", "支付内容"),
    "payee": ("收款人", "收款单位"),
    "amount": ("实际支付金额", "支付金额"),
    "day": ("支付日期", "支付时间"),
    "planned": ("计划完成数量", "计划数", "目标数量"),
    "done": ("实际完成数量", "实际完成数", "完成数量"),
    "completion": ("完成率", "完成比例"),
}

WORDINGS: dict[str, tuple[str, ...]] = {
    "title": (
        "{year}年度{project}项目支出绩效评价报告",
        "{place}{year}年{project}项目绩效评价报告",
        "{project}项目{year}年度绩效评价报告",
    ),
    "intro": (
        "为进一步加强财政支出管理，根据{central}和{measures}的要求，{bureau}成立评价工作组，对{year}年度{project}项目开展了绩效评价，现将有关情况报告如下：",
        "按照{measures}等文件规定，{bureau}（以下简称“我局”）组织力量对{year}年{project}项目的资金使用和实施效果进行了评价。评价情况如下：",
        "为落实{central}精神，提高资金使用效益，{bureau}于{next_year}年对{year}年度{project}项目实施了绩效评价，形成本报告。",
        "根据{local}的统一部署，{bureau}对所属{year}年度{project}项目进行绩效评价，具体情况报告如下。",
    ),
    "background": (
        "{project}项目由{bureau}组织实施，旨在{purpose}。{place}自{start_year}年起开展此项工作，{start_year}年以来已形成较为稳定的工作机制。",
        "为{purpose}，{bureau}于{start_year}年设立{project}项目，并逐年纳入部门预算。",
        "随着居民需求不断增长，{place}提出要{purpose}。{project}项目正是在这一背景下设立的，至今已连续实施多年。",
        "近年来，{place}高度重视民生工作。为{purpose}，{bureau}经集体研究决定实施{project}项目。",
    ),
    "tasks": (
        "本项目包括{list}等{number}项工作。",
        "项目内容分为{number}个方面：{list}。",
        "{project}项目主要围绕{list}{number}项任务展开。",
        "项目实施内容共分{number}大类，具体为{list}。",
    ),
    "task_list": (
        "具体内容如下：",
        "各项工作要求如下。",
        "主要做法是：",
    ),
    "progress_lead": (
        "截至{year}年12月31日，项目各项工作已按计划完成。",
        "{year}年，项目各项任务有序推进。",
        "一年来，项目实施总体顺利，主要完成情况如下。",
    ),
    "progress": (
        "全年{verb}{thing}{done}{unit}。",
        "{year}年共{verb}{thing}{done}{unit}，基本满足实际需要。",
        "累计{verb}{thing}{done}{unit}。",
        "{verb}{thing}共计{done}{unit}。",
        "在{thing}方面，全年{verb}{done}{unit}。",
        "{thing}累计{verb}{done}{unit}，较好完成了工作任务。",
        "年初计划{verb}{thing}{planned}{unit}，全年实际完成{done}{unit}。",
        "全年共{verb}{thing}{done}{unit}，其中上半年{half}{unit}、下半年{rest}{unit}。",
        "{year}年{verb}{thing}{done}{unit}，较上年的{before}{unit}有所变化。",
        "截至年底，{thing}已{verb}{done}{unit}，每{unit}均留有记录。",
        "{verb}了{done}{unit}{thing}，服务质量稳步提升。",
        "项目单位组织人员{verb}{thing}，全年合计{done}{unit}。",
    ),
    "aside": (
        "每次活动时长控制在40—60分钟，现场安排2—3名工作人员。",
        "工作群每个工作日由专人值守，接到反映后2小时内回应。",
        "项目聘请了5名行业专家提供咨询，签订了1份服务合同。",
        "{start_year}年至{last_year}年，项目先后在8个街道试点推广。",
        "项目组坚持每季度召开1次碰头会，及时解决“最后一公里”问题。",
        "项目单位于{last_year}年12月与服务单位签订合同，合同期为{year}年1月1日至{year}年12月31日。",
        "第三届社区节期间，项目设置咨询点4个，接待居民约300人次。",
        "志愿者人均服务时长达到12小时，较上年提高3.5个百分点的目标已写入下年计划。",
        "“十四五”以来，{place}共有3家单位参与同类项目，累计获得表彰2次。",
    ),
    "sources": (
        "{project}项目资金来源为本级财政年初安排的一般公共预算资金。",
        "项目资金全部为区级财政拨款，纳入{bureau}{year}年部门预算。",
        "资金由本级财政预算安排，属一般公共预算。",
    ),
    "budget": (
        "{year}年，项目年初预算{budget}万元，其中：{parts}。年中未作调整。",
        "项目预算批复{budget}万元，包括{parts}，全年无预算调剂。",
        "{year}年度项目预算数为{budget}万元，由{parts}组成，年内无追加追减。",
        "本项目{year}年安排预算资金{budget}万元，具体构成为：{parts}。",
        "{year}年度部门预算安排{project}项目资金{yuan}元，具体包括：{parts}。",
        "项目全年预算{budget}万元（含税），按用途分为：{parts}。预算执行中未发生调整。",
    ),
    "part": ("{name}{amount}万元",),
    "spent": (
        "截至{year}年末，项目实际支出{executed}万元，预算执行率{rate}%。",
        "全年实际支付{executed}万元，预算执行率为{rate}%，具体支付情况见{table}。",
        "项目资金实际使用{executed}万元，执行率达到{rate}%。各笔支付详见{table}。",
        "{year}年12月31日前共支出{executed}万元，占预算的{rate}%，预算执行率{rate}%。",
        "截至{year}年12月31日，项目累计支出{executed}万元，结余{left}万元，预算执行率{rate}%。",
        "{year}年实际支出{executed_yuan}元，预算执行率为{rate}%（支付明细见{table}）。",
    ),
    "payments_note": ("支付明细见{table}。", "资金支付情况如{table}所示。", "具体情况见{table}："),
    "overall": (
        "通过项目实施，{purpose}，形成可复制的工作经验。",
        "持续推进{project}工作，{purpose}，不断增强居民的获得感。",
        "建立健全{project}长效机制，{purpose}。",
    ),
    "annual": (
        "{year}年度绩效目标及完成情况见{table}。",
        "年度目标为按计划完成{project}各项任务，详见{table}：",
        "项目申报的年度绩效指标及实际完成值如{table}所示。",
    ),
    "purpose": (
        "通过评价，了解项目资金的使用效益和管理水平，总结经验、查找不足，为以后年度预算安排提供参考。",
        "本次评价旨在全面反映项目的实施效果，促进预算管理水平提升。",
        "评价的目的是检验资金投入产出情况，推动问题整改，优化资源配置。",
    ),
    "period": (
        "评价对象为{project}项目，评价时段为{from_day}至{to_day}。",
        "本次评价的范围是{year}年度{project}项目资金{budget}万元，评价期间为{from_day}至{to_day}。",
        "本次评价对象为{year}年度{project}项目的预算资金，评价时段：{from_day}至{to_day}。",
        "评价范围涵盖{project}项目自{from_day}至{to_day}的资金管理、实施过程和产出效益，即评价基准期为{from_day}至{to_day}。",
    ),
    "aspects": (
        "评价内容包括{number}个方面：{list}。",
        "评价从{list}{number}个方面展开。",
        "围绕{list}等{number}个方面设置评价指标。",
    ),
    "bases_lead": ("评价依据主要有：", "本次评价的主要依据包括：", "评价工作依据下列文件和资料开展："),
    "principles": (
        "评价遵循科学公正、统筹兼顾、激励约束、公开透明的原则，采用比较法、因素分析法和公众评判法。",
        "评价坚持客观公正和注重实绩，综合运用成本效益分析法、比较法和问卷调查法。",
        "评价工作坚持定量与定性相结合，主要采用资料核查、现场查看和问卷调查等方法。",
    ),
    "process": (
        "评价工作于{begin}启动，{end}完成报告定稿，先后经过前期准备、组织实施和报告撰写三个阶段。",
        "{begin}，评价组制定工作方案；经资料核查和现场评价，于{end}形成评价报告。",
        "评价工作自{begin}开始，至{end}结束，分准备、实施、总结三个阶段进行。",
    ),
    "survey": (
        "评价组面向{respondents}发放问卷{sent}份，收回有效问卷{valid}份，满意度为{share}%。",
        "问卷调查共发出问卷{sent}份，有效回收{valid}份，{respondents}满意度达到{share}%。",
        "通过线上线下相结合的方式发放满意度问卷{sent}份，有效问卷{valid}份，统计得出满意度{share}%。",
        "为了解{respondents}的评价，评价组开展了问卷调查，共发放{sent}份、有效回收{valid}份，测算满意度为{share}%。",
    ),
    "conclusion": (
        "经综合评定，{project}项目绩效评价得分为{score}分，评价等级为“{grade}”，各指标得分见{table}。",
        "评价组依据评价指标体系逐项打分，{year}年度{project}项目综合得分{score}分，绩效等级为{grade}。具体得分情况见{table}。",
        "评价结果显示，项目总得分{score}分，评定等级为“{grade}”，得分明细如{table}。",
        "{project}项目最终评价得分{score}分，等次为{grade}。{table}列示了各指标的得分情况。",
        "综合决策、过程、产出和效益四个方面的评价，{project}项目得{score}分，等级为“{grade}”。详细得分见{table}。",
        "依据评分标准，项目绩效评价总分为{score}分（满分100分），评价结果为“{grade}”，见{table}。",
    ),
    "annex_note": (
        "指标解释和评分标准详见附件。",
        "评分标准及扣分依据见附件。",
        "完整的指标体系和评分细则附后（见附件）。",
    ),
    "bands": (
        "评价结果采用百分制，分为四档：90（含）—100分为优，80（含）—90分为良，60（含）—80分为中，60分以下为差。",
        "等级划分：得分90（含）-100分为优、80（含）-90分为良、60（含）-80分为中、60分以下为差。",
        "注：综合得分90分（含）以上为优，80分（含）至90分为良，60分（含）至80分为中，60分以下为差。",
    ),
    "block": (
        "该部分指标权重{weight}分，实际得分{score}分。",
        "{name}类指标权重分{weight}分，得分{score}分，具体分析如下：",
        "{name}指标满分{weight}分，评价得分{score}分。",
        "本部分分值共{weight}分，评价得分为{score}分。",
        "{name}指标总分{weight}分，经评价得{score}分。",
        "{name}部分共设{weight}分，得{score}分，扣分情况如下。",
    ),
    "block_rate": (
        "该部分指标权重{weight}分，实际得分{score}分，得分率{rate}%。",
        "{name}指标分值{weight}分，得{score}分，得分率为{rate}%。",
    ),
    "full": (
        "{name}：经核查，相关资料齐全，符合评分标准要求，得{score}分。",
        "经查阅资料，{name}符合要求，该指标得满分。",
        "{name}方面，评价组查阅了会议纪要和审批材料，未发现不符合要求的情形。",
    ),
    "weak": (
        "{name}：制度虽已建立，但档案管理办法尚未修订，扣{lost}分，得{score}分。",
        "{name}方面，部分制度未及时更新，按评分标准扣{lost}分，得{score}分。",
    ),
    "arrival": (
        "预算资金{budget}万元，实际到位{budget}万元，资金到位率100%。",
        "项目资金{budget}万元足额到位，资金到位率为100%。",
    ),
    "execution": (
        "项目全年支出{executed}万元，预算执行率{rate}%，该指标得{score}分。",
        "实际到位资金{budget}万元，实际支出{executed}万元，预算执行率为{rate}%。",
        "年度预算{budget}万元，已支出{executed}万元，执行率{rate}%，按评分标准得{score}分。",
        "年初预算{budget}万元，全年执行{executed}万元，预算执行率为{rate}%，扣分后得{score}分。",
    ),
    "quantities": (
        "各项数量指标完成情况见{table}。",
        "数量指标的完成情况如{table}所示：",
        "产出数量方面的完成情况列于{table}。",
    ),
    "missed": (
        "其中，{name}计划{planned}{unit}，实际完成{done}{unit}，未达到目标，按比例得{score}分。",
        "“{name}”目标值为{planned}{unit}，实际完成{done}{unit}，因天气原因未能全部完成，得{score}分。",
        "受第四季度施工影响，{name}仅完成{done}{unit}，未达到{planned}{unit}的目标，按完成比例得{score}分。",
        "{name}目标为{planned}{unit}，年末完成{done}{unit}，完成比例不足100%，按比例计{score}分。",
    ),
    "over": (
        "“{name}”计划{planned}{unit}，实际完成{done}{unit}，完成率为{rate}%，超出计划较多，按评分标准扣1分。",
        "{name}实际完成{done}{unit}，为计划{planned}{unit}的{rate}%，反映目标设置偏低，扣1分。",
    ),
    "quality": (
        "评价组抽查工作记录{base}份，其中达到标准的{good}份，{name}为{share}%。",
        "{year}年{event}，评价对象组织验收，核查{base}项，合格{good}项，{name}{share}%，达到目标。",
        "{year}年{event}验收时共检查{base}项，{good}项符合要求，{name}达到{share}%。",
        "按照合同约定，{event}对工作成果组织考核，共考核{base}项，合格{good}项，{name}为{share}%。",
    ),
    "timely": (
        "各项成果均在规定时间内提交，{name}为100%。",
        "经核对签收记录，全部材料按时提交，{name}100%，该指标得满分。",
    ),
    "cost": (
        "项目实际支出{executed}万元，未超过预算{budget}万元，成本控制较好。",
        "项目总成本{executed}万元，控制在预算{budget}万元以内。",
    ),
    "monthly": (
        "其中社区公告栏每月更新2期，全年共24期。",
        "工作简报每周编发1期，全年累计52期。",
        "项目例会按每季度1次召开，全年共4次。",
    ),
    "effects_lead": (
        "社会效益主要体现在以下几个方面。",
        "项目社会效益如下：",
        "从社会效益看，项目成效较为明显。",
    ),
    "effect": (
        "{order}{name}。通过走访和座谈了解到，项目实施后居民反映良好，相关做法得到认可。",
        "{order}{name}。项目投入使用后，日常管理更加规范，居民参与意愿增强。",
        "{order}{name}。相关工作覆盖面逐步扩大，社会反响较好。",
    ),
    "satisfaction": (
        "{respondents}满意度为{share}%，高于目标值，该指标得满分。",
        "根据{valid}份有效问卷统计，{respondents}满意度{share}%。",
        "{respondents}总体满意度{share}%（有效问卷{valid}份），达到90%的目标。",
    ),
    "practice": (
        "建立定期会商机制，明确责任分工，保证各项任务落实到人。",
        "坚持问需于民，在项目实施前广泛听取居民意见，不断改进工作方式。",
        "注重过程管理，通过台账和照片留存工作痕迹，做到有据可查。",
        "引入社会力量参与，形成部门联动、居民共治的格局。",
    ),
    "problem_general": (
        "项目档案整理不够细致，个别资料归档滞后，主要原因是人员变动较多。",
        "宣传方式较为单一，部分居民对项目了解不足，原因在于线上渠道利用不够。",
        "与社区的沟通协调有待加强，信息反馈链条较长，主要是联络机制还不完善。",
    ),
    "problem_missed": (
        "{name}未达到目标值，主要原因是前期对天气影响估计不足，工作安排不够均衡。",
        "部分产出指标未完成。如{name}未达到计划数，原因是第四季度现场条件受限。",
    ),
    "problem_weak": (
        "制度建设存在短板，档案管理办法未及时修订，主要原因是责任科室调整。",
        "个别管理制度更新滞后，原因是对制度梳理不够及时。",
    ),
    "advice": (
        "建议进一步完善管理制度，明确归档时限，并由专人负责检查。",
        "拓宽宣传渠道，利用社区公众号等平台及时发布项目动态。",
        "合理安排工作进度，提前制定恶劣天气下的工作预案。",
        "加强与社区的沟通，建立问题清单并逐项销号。",
    ),
    # standards
    "points_law": ("符合法律法规和相关政策", "与部门职责相符", "属于公共财政支持范围", "具有相应的实施方案"),
    "points_ask": ("程序完整", "资料齐全", "内容明确、细化", "经过集体研究"),
    "standard_tail": ("", "", "以上内容逐项评分，不符合的该项不得分。"),
    "standard_count": (
        "{name}≥{planned}{unit}得满分；未完成的，按实际完成数与计划数的比例得分。",
        "完成{planned}{unit}及以上，得{weight}分；未达到的按完成比例计分。",
        "目标为{planned}{unit}，达到目标得满分，低于目标的按完成率折算得分。",
    ),
    "standard_over": (
        "{name}≥{planned}{unit}且完成率不超过130%得满分；未完成的，按比例得分；完成率超过130%的扣1分。",
        "完成{planned}{unit}及以上得{weight}分，未完成的按完成比例得分；实际完成数超过计划数130%的，扣1分。",
    ),
    "standard_rate": (
        "{name}≥{bound}%得满分，每降低1个百分点扣0.2分，扣完为止。",
        "达到{bound}%及以上的得{weight}分；低于{bound}%的，每低1个百分点扣0.5分，扣完为止。",
        "①{name}≥{bound}%，得满分；②{name}＜{bound}%，按完成比例得分。",
    ),
    "standard_full_rate": (
        "{name}=100%得满分，每降低1个百分点扣0.1分，扣完为止。",
        "达到100%的得{weight}分，不足100%的按比例得分。",
    ),
    "standard_execution": (
        "预算执行率=（实际支出资金/实际到位资金）×100%。执行率100%得满分；每降低1个百分点扣0.1分，不足1个百分点的按1个百分点计算。",
        "预算执行率达到100%得{weight}分，每低1个百分点扣0.1分（不足1个百分点按1个百分点扣分）。",
    ),
    "standard_cost": (
        "实际成本不超过预算的得满分；每超出预算1%扣0.5分，扣完为止。",
        "总成本控制在预算内得{weight}分；超出预算的，每超1个百分点扣1分，扣完为止。",
    ),
    "standard_effect": (
        "效果显著的得80%（含）—100%的分值；效果较好的得60%（含）—80%的分值；效果一般的得60%以下的分值。",
        "根据走访和问卷情况分三档评分：显著，得满分的80%-100%（含80%）；较显著，得60%-80%（含60%）；不显著，得0-60%。",
    ),
    "standard_satisfaction": (
        "满意度≥90%得满分；低于90%的，每低1个百分点扣0.5分，扣完为止。",
        "满意度达到90%得{weight}分，80%（含）至90%按比例得分，低于80%不得分。",
    ),
    "description": ("考察{name}的实际情况。", "用以反映和考核{name}。", "评价{name}情况，考核项目管理水平。"),
    # defects that need words of their own
    "deviation_broken": (
        "“{name}”实际完成值明显高于计划值，偏差率达到{rate}%。",
        "{name}的偏差为{rate}%，超出合理范围，原因是计划数编制偏低。",
        "{name}实际值与目标值差异较大，偏差率超过{rate}%，主要是目标设置依据不足。",
    ),
    "standard_deviation_broken": (
        "{name}≥{planned}{unit}且偏差未超130%得满分；未完成的按比例得分；偏差超130%扣1分。",
        "完成{planned}{unit}及以上得{weight}分；偏差率大于130%的，扣1分；未完成的按比例扣分。",
    ),
    "fault_point": ("项目支出有虚列", "资金被截留、挤占", "与其他项目重复", "部分开支超标准"),
    "formula_only": (
        "{name}=（实际完成数/计划完成数）×100%。",
        "{name}＝实际到位数÷应到位数×100%，其中实际到位数指年度内落实到项目的数额。",
    ),
    "all_or_nothing": (
        "效果显著得满分，否则不得分。",
        "项目实施能显著发挥作用的，得满分，否则不得分。",
        "成效明显得{weight}分，否则得0分。",
    ),
    "evidence_broken": (
        "{next_year}年3月12日，评价对象组织验收，核查{base}项，合格{good}项，{name}{share}%，达到目标。",
        "经{next_year}年2月验收，共检查{base}项，{good}项符合要求，{name}达到{share}%。",
    ),
    "blame": (
        "{name}不足，部分指标值设置不合理，主要原因是前期调研不充分。",
        "绩效目标编制质量不高，{name}有待提高，个别指标值设置不合理，原因是对政策理解不深。",
    ),
    "monthly_broken": (
        "其中社区公告栏每月更新2期，全年共{total}期。",
        "工作简报每周编发1期，全年累计{total}期。",
        "项目例会按每季度1次召开，全年共{total}次。",
    ),
    "doubled": ("评价组在在现场查看了相关资料。", "有关资料由由专人保管。", "项目的的各项资料已经归档。"),
    "traditional": ("各項工作任務均已按要求落實。", "評價組查閱了會議紀要。", "項目檔案由專人管理。"),
    "unpaired": (
        "居民称之为“身边的好去处，愿意常来。",
        "项目获得《晨报的报道。",
        "有关做法（含线上线下两种方式得到推广。",
    ),
}
